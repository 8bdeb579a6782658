import type { ConnectionId } from '../core/ids.ts'
import { ulid } from '../core/ulid.ts'
import type { Clock } from '../ports/clock.ts'
import type { Connection } from '../ports/connections.ts'
import type { ShopCaller } from '../ports/exchange.ts'
import type { PairingStore, Ping, ShopIntroduction } from '../ports/pairing.ts'

export interface PairDeps {
  pairings: PairingStore
  clock: Clock
  /** Unpredictable bytes. */
  entropy(bytes: number): Uint8Array
  /** Of a code, for the database: the code itself is kept nowhere. */
  hash(text: string): string
}

const codeLength = 12
const codeLifeMs = 15 * 60_000
/** Crockford's base 32: no letter that looks like another. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Makes `<public url>#<12 characters>` for the module's page: spent once, within 15 minutes. An earlier code of the connection ends. */
export async function createPairingCode(
  connection: ConnectionId,
  publicUrl: string,
  deps: PairDeps,
): Promise<{ text: string; expiresAt: Date }> {
  const code = Array.from(deps.entropy(codeLength), (byte) => alphabet.charAt(byte % 32)).join('')
  const expiresAtMs = deps.clock.now() + codeLifeMs
  await deps.pairings.putCode({ hash: deps.hash(code), connection, expiresAtMs })
  return { text: `${publicUrl}#${code}`, expiresAt: new Date(expiresAtMs) }
}

/**
 * Spends a code: the shop is bound to its connection with a new secret. undefined: the code is wrong, spent, expired or ended by wrong tries.
 * A `ping` then waits for the shop and shows that the way to it is open.
 */
export async function redeemPairingCode(
  code: string,
  shop: ShopIntroduction,
  address: string,
  { pairings, entropy, hash }: PairDeps,
): Promise<{ connection: string; secret: string; shopKey: string } | undefined> {
  const secret = `whsec_${toBase64(entropy(32))}`
  const bound = await pairings.redeem({ hash: hash(readCode(code)), address }, { ...shop, secret })
  return bound && { ...bound, secret }
}

/** As a person may type it: small letters, spaces, dashes, O for 0, I and L for 1. */
function readCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/** What the module's page shows for a service that the shop cannot reach. */
export interface PairingText {
  endpoint: string
  /** The settings' name of the connection, until the shop has been heard. */
  connection: string
  secret: string
}

export class PairingTextError extends Error {
  override name = 'PairingTextError'
}

/** Reads `endpoint#connection#secret`. Throws PairingTextError that says which part is wrong, without the secret. */
function parsePairingText(text: string): PairingText {
  const [endpoint = '', connection = '', secret = '', ...rest] = text.trim().split('#')
  if (secret === '' || rest.length > 0) throw new PairingTextError('expected three parts: endpoint#connection#secret')
  if (!/^https?:\/\/\S+$/.test(endpoint)) throw new PairingTextError(`"${endpoint}" is not the address of the shop's exchange.php`)
  if (!/^[\w-]{1,100}$/.test(connection)) throw new PairingTextError(`"${connection}" is not the name of a connection`)
  if (!/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret))
    throw new PairingTextError('the secret must be whsec_ and 32 bytes in base64: copy the text anew')
  return { endpoint, connection, secret }
}

/**
 * Pairs by what the module's page showed: its secret is ours from now on, and the shop bound before is refused. Throws PairingTextError, or
 * what `requireEndpoint` throws for an address that would never be called.
 */
export async function pairFromText(
  { id, name }: Pick<Connection, 'id' | 'name'>,
  text: string,
  { pairings, requireEndpoint }: { pairings: PairingStore; requireEndpoint(endpoint: string): URL },
): Promise<void> {
  const { endpoint, connection, secret } = parsePairingText(text)
  if (connection !== name && connection !== id) {
    throw new PairingTextError(`the text is for the connection "${connection}", not for "${name}": make it anew in the shop's module`)
  }
  requireEndpoint(endpoint)
  await pairings.bind(id, { endpoint, secret })
}

/** Asks the paired shop for a sign of life at its endpoint. What else its answer holds is left alone and comes again. */
export async function pingShop(
  connection: Connection,
  { shop, clock, random }: { shop: ShopCaller; clock: Clock; random: () => number },
  signal: AbortSignal,
): Promise<Ping> {
  const ping = { id: ulid(clock.now(), random), type: 'ping', data: {} }
  const answer = await shop.call(connection, { commands: [ping], accepted: [], rejected: [] }, signal)
  if (answer.kind === 'no-answer') return { kind: 'not-reached', why: answer.why }
  if (answer.kind === 'refused') return { kind: 'not-reached', why: `${answer.code}: ${answer.message}` }
  const { installation, host, results } = answer.message
  const result = results.find(({ id }) => id === ping.id)
  if (result === undefined) return { kind: 'not-reached', why: 'the shop answered without a word on the ping' }
  if (!result.ok) return { kind: 'not-reached', why: `${result.error.code}: ${result.error.message}` }
  return { kind: 'reached', installation, host, clockOffsetMs: answer.clockOffsetMs }
}
