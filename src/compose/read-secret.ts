import { readFileSync } from 'node:fs'

export class SecretReferenceError extends Error {
  override name = 'SecretReferenceError'
}

/** `env:NAME`, `file:PATH`, or the secret itself. Throws SecretReferenceError that names the reference, never the content. */
export function readSecret(written: string, env: Record<string, string | undefined>): string {
  if (written.startsWith('env:')) {
    const name = written.slice('env:'.length)
    const value = env[name]?.trim()
    if (!value) throw new SecretReferenceError(`the environment variable ${name} is not set`)
    return value
  }
  if (!written.startsWith('file:')) return written
  const path = written.slice('file:'.length)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new SecretReferenceError(`the file ${path} cannot be read`, { cause })
  }
}
