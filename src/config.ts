import { resolve } from 'node:path'
import { z } from 'zod'

/** What the environment says, read once. The one place that knows its names (docs/settings.md#environment). */
export interface Config {
  host: string
  port: number
  publicUrl: string
  dataDir: string
  /** undefined: the SQLite file in the data folder. */
  databaseUrl: string | undefined
  secretKey: { value: string } | { file: string }
  metricsToken: string | undefined
  trustedProxies: string[]
  privateNetworks: string[]
  logLevel: string
  /** The most deals one request makes. */
  dealsPerCall: number
  /** undefined: no mail is sent. */
  mail: { smtpUrl: string; from: string } | undefined
  /** Loopback endpoints of shops are allowed only while we listen on loopback ourselves. */
  listensOnLoopback: boolean
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )

const Environment = z.object({
  AMOBRIDGE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  AMOBRIDGE_HOST: z.string().min(1).default('127.0.0.1'),
  AMOBRIDGE_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  AMOBRIDGE_DATA_DIR: z.string().min(1).default('./data'),
  AMOBRIDGE_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  AMOBRIDGE_SECRET_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes in base64')
    .optional(),
  AMOBRIDGE_SECRET_KEY_FILE: z.string().optional(),
  AMOBRIDGE_METRICS_TOKEN: z.string().min(16).optional(),
  AMOBRIDGE_TRUSTED_PROXIES: list,
  AMOBRIDGE_PRIVATE_NETWORKS: list,
  AMOBRIDGE_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  AMOBRIDGE_SMTP_FROM: z.string().min(3).optional(),
  AMOBRIDGE_DEALS_PER_CALL: z.coerce.number().int().min(1).max(50).default(50),
  AMOBRIDGE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

/** Reads the environment. Throws ConfigError that names every wrong variable at once; an empty variable counts as not set. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('AMOBRIDGE_') && value !== ''))
  const parsed = Environment.safeParse(set)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  }
  const found = parsed.data
  const dataDir = resolve(found.AMOBRIDGE_DATA_DIR)
  const { AMOBRIDGE_SECRET_KEY: key, AMOBRIDGE_SECRET_KEY_FILE: keyFile, AMOBRIDGE_SMTP_URL: smtpUrl } = found
  return {
    host: found.AMOBRIDGE_HOST,
    port: found.AMOBRIDGE_PORT,
    publicUrl: (found.AMOBRIDGE_PUBLIC_URL ?? `http://localhost:${found.AMOBRIDGE_PORT}`).replace(/\/+$/, ''),
    dataDir,
    databaseUrl: found.AMOBRIDGE_DATABASE_URL,
    secretKey: key === undefined ? { file: keyFile ?? resolve(dataDir, 'secret.key') } : { value: key },
    metricsToken: found.AMOBRIDGE_METRICS_TOKEN,
    trustedProxies: found.AMOBRIDGE_TRUSTED_PROXIES,
    privateNetworks: found.AMOBRIDGE_PRIVATE_NETWORKS,
    mail:
      smtpUrl === undefined
        ? undefined
        : { smtpUrl, from: found.AMOBRIDGE_SMTP_FROM ?? `Amobridge <amobridge@${new URL(smtpUrl).hostname}>` },
    dealsPerCall: found.AMOBRIDGE_DEALS_PER_CALL,
    logLevel: found.AMOBRIDGE_LOG_LEVEL,
    listensOnLoopback: ['127.0.0.1', '::1', 'localhost'].includes(found.AMOBRIDGE_HOST),
  }
}
