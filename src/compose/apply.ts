import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { CrmAccountError, CrmForbiddenError, CrmUnavailableError } from '../core/crm-failure.ts'
import type { Directory } from '../core/directory.ts'
import { SyncError } from '../core/failure.ts'
import type { AccountId, ConnectionId } from '../core/ids.ts'
import type { Language } from '../core/messages/language.ts'
import { defaultRequestsPerSecond } from '../core/settings/defaults.ts'
import { diffConnection } from '../core/settings/diff.ts'
import { withoutSecrets } from '../core/settings/export.ts'
import { listNotYet } from '../core/settings/not-yet.ts'
import { missingFields } from '../core/settings/own-fields.ts'
import { parseSettings, placeInFile } from '../core/settings/parse.ts'
import { type Problem, renderProblem } from '../core/settings/problems.ts'
import { resolveConnection } from '../core/settings/resolve.ts'
import type { WrittenConnection, WrittenSettings } from '../core/settings/written.ts'
import type { ApplyReport, ApplyRequest } from '../ports/admin.ts'
import type { Connection, ConnectionMode } from '../ports/connections.ts'
import type { Crm } from '../ports/crm.ts'
import { type KeptSecretName, keptSecretNames } from '../ports/secrets.ts'
import { putAccount, saveDirectory, saveToken } from '../storage/accounts.ts'
import { putConnectionSecret } from '../storage/connection-secrets.ts'
import { changeConnection, createConnection, listConnections } from '../storage/connections.ts'
import type { Transaction } from '../storage/database.ts'
import { enqueueWaitingOrders } from '../storage/exchange.ts'
import { addSettingsVersion, newestSettingsVersion } from '../storage/settings-versions.ts'
import { describeChanges, type ReadConnection, writtenOf } from './describe-changes.ts'
import type { App } from './open-app.ts'
import { withProbe } from './probe-account.ts'
import { readSecret, SecretReferenceError } from './read-secret.ts'

/** One connection of the file with its secrets read and its account asked. */
interface Checked extends ReadConnection {
  baseUrl: string | null
  /** null: the account could not be asked; stored unchecked. */
  directory: Directory | null
}

const patientTries = 3

const failed = (problems: string[]): ApplyReport => ({ ok: false, problems, warnings: [], changes: [], version: null })

/** Makes the installation follow a settings file, in one transaction; nothing is changed when anything in it is wrong. */
export async function applySettings(
  app: App,
  request: ApplyRequest,
  env: Record<string, string | undefined>,
  language: Language,
): Promise<ApplyReport> {
  const { settings, problems, locate } = parseSettings(request.text)
  if (settings === null) return failed(problems.map((problem) => renderProblem(problem, language)))
  const known = await listConnections(app.database, app.seal)
  const version = await newestSettingsVersion(app.database)
  if (settings.base !== undefined && settings.base !== version && !request.force)
    return failed([staleBase(settings, known, version, language)])

  const warnings: string[] = []
  const checked: Checked[] = []
  const wrong: string[] = []
  for (const [index, written] of settings.connections.entries()) {
    const old = known.find(({ name }) => name === written.name)
    const tell = (problem: Problem) => renderProblem(placeInFile(problem, index, locate), language)
    const result = await check(app, written, old, { env, language, dryRun: request.dryRun, tell })
    if ('problems' in result) wrong.push(...result.problems)
    else {
      checked.push(result.checked)
      warnings.push(...result.warnings, ...listNotYet(written, language), ...mailWarning(app, written, language))
    }
  }
  if (wrong.length > 0) return { ...failed(wrong), warnings }

  const changes = await describeChanges(app, checked, known, { settings, remove: request.remove, language })
  if (request.dryRun || changes.length === 0) return { ok: true, problems: [], warnings, changes, version }
  for (const one of checked) await createOurFields(app, one, warnings)
  const next = await app.database.write((tx) => store(app, tx, checked, known, request.remove, version + 1))
  return { ok: true, problems: [], warnings, changes, version: next }
}

/** The mail server is set where the service runs; the command usually runs there too. */
function mailWarning({ config }: App, { name, notify }: WrittenConnection, language: Language): string[] {
  if (!notify?.email?.length || config.mail !== undefined) return []
  const said =
    language === 'ru' ? 'письма не отправляются, пока не задан AMOBRIDGE_SMTP_URL' : 'no mail is sent until AMOBRIDGE_SMTP_URL is set'
  return [`${name}.notify.email: ${said}`]
}

function staleBase({ base, connections }: WrittenSettings, known: Connection[], version: number, language: Language): string {
  const diff = connections.flatMap((written) => {
    const before = known.find(({ name }) => name === written.name)
    return diffConnection(before && writtenOf(before), written, language)
  })
  const head =
    language === 'ru'
      ? `настройки изменились после версии ${base} (сейчас ${version}); выгрузите их заново или примените с --force. Отличия:`
      : `settings changed after version ${base} (now ${version}); export them anew, or apply with --force. Differences:`
  return [head, ...diff].join('\n    ')
}

interface CheckOptions {
  env: Record<string, string | undefined>
  language: Language
  dryRun: boolean
  /** A problem that the account gave, in words and with its place in the file. */
  tell(problem: Problem): string
}

async function check(
  app: App,
  written: WrittenConnection,
  known: Connection | undefined,
  { env, language, dryRun, tell }: CheckOptions,
): Promise<{ checked: Checked; warnings: string[] } | { problems: string[] }> {
  const { amocrm, shop } = written
  let token: string | null
  let shopSecret: string | null
  let secrets: Map<KeptSecretName, string>
  try {
    token = amocrm?.token === undefined ? null : readSecret(amocrm.token, env)
    shopSecret = shop?.secret === undefined ? null : readSecret(shop.secret, env)
    secrets = readKeptSecrets(written, env)
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error
    return { problems: [`${written.name}: ${error.message}`] }
  }
  const baseUrl = amocrm === undefined ? null : (amocrm.baseUrl?.replace(/\/$/, '') ?? `https://${amocrm.domain}`)
  const checked: Checked = { written, known, baseUrl, token, shopSecret, secrets, directory: null }
  if (baseUrl === null || token === null)
    return { checked, warnings: baseUrl === null || known?.accountId ? [] : [`${written.name}: amocrm.token ?`] }
  try {
    const account = dryRun ? (known?.accountId ?? undefined) : await accountOf(app, written, baseUrl)
    const directory = await withProbe(app, { baseUrl, token, account, perSecond: rateOf(written) }, readPatiently)
    const { problems } = resolveConnection(written, directory, new Date(app.clock.now()))
    if (problems.length > 0) return { problems: problems.map(tell) }
    return { checked: { ...checked, directory }, warnings: [] }
  } catch (error) {
    // The token is wrong for certain; anything else may pass, and is checked when the account answers.
    if (error instanceof CrmAccountError && error.reason === 'unauthorised')
      return { problems: [`${written.name}.amocrm.token: ${error.message}`] }
    if (!(error instanceof SyncError)) throw error
    const said = language === 'ru' ? 'аккаунт не ответил, имена не проверены' : 'the account did not answer, names are unchecked'
    return { checked, warnings: [`${written.name}: ${said} (${error.message})`] }
  }
}

/** Those that are given and have no place of their own. Throws SecretReferenceError. */
function readKeptSecrets(written: WrittenConnection, env: CheckOptions['env']): Map<KeptSecretName, string> {
  const given = keptSecretNames.flatMap((name): [KeptSecretName, string][] => {
    const value = name.split('.').reduce<unknown>((inner, key) => Object(inner)[key], written)
    return typeof value === 'string' ? [[name, readSecret(value, env)]] : []
  })
  return new Map(given)
}

/** The account's row stands before it is asked, so that the requests of this check and those of a running service share one limit. */
function accountOf(app: App, { amocrm }: WrittenConnection, baseUrl: string): Promise<AccountId> {
  return app.database.write(async (tx) => putAccount(tx, { baseUrl, clientId: amocrm?.oauth?.clientId ?? '' }, await app.database.now(tx)))
}

const rateOf = ({ amocrm }: WrittenConnection) => amocrm?.requestsPerSecond ?? defaultRequestsPerSecond

/** A person waits for the answer: one refused request (429, a short outage) is no reason to leave the settings unchecked. */
async function readPatiently(crm: Crm): Promise<Directory> {
  const call = { class: 'live-create' as const, signal: AbortSignal.timeout(60_000) }
  for (let tries = 1; ; tries += 1) {
    try {
      return await crm.readDirectory(call)
    } catch (error) {
      if (!(error instanceof CrmUnavailableError) || tries === patientTries) throw error
    }
  }
}

/** The fields our own values stand in are made before the first order; an account that does not let us is told, and asked again by the service. */
async function createOurFields(app: App, one: Checked, warnings: string[]): Promise<void> {
  const { directory, baseUrl, token, known, written } = one
  if (directory === null || baseUrl === null || token === null) return
  const missing = missingFields(directory)
  if (missing.length === 0) return
  try {
    const call = { class: 'live-create' as const, signal: AbortSignal.timeout(60_000) }
    one.directory = await withProbe(
      app,
      { baseUrl, token, account: known?.accountId ?? (await accountOf(app, written, baseUrl)), perSecond: rateOf(written) },
      async (crm) => {
        await crm.createFields(missing, call)
        return crm.readDirectory(call)
      },
    )
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    const who = error instanceof CrmForbiddenError ? "the token's user is no administrator: " : ''
    warnings.push(`${written.name}: ${missing.map(({ code }) => code).join(', ')} could not be made in amoCRM (${who}${error.message})`)
  }
}

async function store(
  app: App,
  tx: Transaction,
  checked: Checked[],
  known: Connection[],
  remove: string[],
  version: number,
): Promise<number> {
  const now = await app.database.now(tx)
  for (const [position, one] of checked.entries()) await storeConnection(app, tx, one, position, now)
  for (const connection of known) {
    if (checked.some(({ written }) => written.name === connection.name)) continue
    await changeConnection(tx, app.seal, connection.id, { mode: 'off' }, now)
    if (remove.includes(connection.name)) await removeConnection(tx, connection.id)
  }
  const body = checked.map(({ written }) => withoutSecrets(written))
  await addSettingsVersion(tx, version, 'apply', body, now)
  return version
}

async function storeConnection(
  app: App,
  tx: Transaction,
  { written, known, baseUrl, token, shopSecret, secrets, directory }: Checked,
  position: number,
  now: number,
): Promise<void> {
  const id = known?.id ?? (await createConnection(tx, written.name, written.shopKey ?? newShopKey(), position, now))
  let account: AccountId | null = known?.accountId ?? null
  if (baseUrl !== null) {
    account = await putAccount(tx, { baseUrl, clientId: written.amocrm?.oauth?.clientId ?? '' }, now)
    if (token !== null) await saveToken(tx, app.seal, account, token, now)
    if (directory !== null) await saveDirectory(tx, account, directory, now)
  }
  for (const [name, secret] of secrets) await putConnectionSecret(tx, app.seal, id, name, secret)
  const mode = nextMode(written, known)
  await changeConnection(
    tx,
    app.seal,
    id,
    {
      position,
      accountId: account,
      settings: withoutSecrets(written),
      mode,
      ...(written.shopKey === undefined ? {} : { shopKey: written.shopKey }),
      ...(written.shop?.endpoint === undefined ? {} : { endpoint: written.shop.endpoint }),
      ...(shopSecret === null || isDeepStrictEqual(known?.shop.secrets, [shopSecret]) ? {} : { secrets: [shopSecret] }),
      ...(mode === 'on' && !known?.switchedOnAt ? { switchedOnAt: new Date(now) } : {}),
    },
    now,
  )
  if (account !== null && known?.accountId == null && known !== undefined) await enqueueWaitingOrders(tx, known, account, now)
}

/** `enabled: true` switches on; a person's pause stays; what was off is set up anew. */
function nextMode({ orders }: WrittenConnection, known: Connection | undefined): ConnectionMode {
  if (known?.mode === 'paused') return 'paused'
  if (orders?.enabled === true) return 'on'
  return 'setup'
}

/** With its pairs, orders and queue: only on request, by name. */
async function removeConnection(tx: Transaction, id: ConnectionId): Promise<void> {
  for (const table of [
    'amocrm_queue',
    'shop_orders',
    'shop_epochs',
    'deal_pairs',
    'commands',
    'timeline',
    'incidents',
    'accepted_events',
    'bridge_attempts',
    'pairing_codes',
    'intents',
    'notices',
    'connection_secrets',
  ] as const) {
    await tx.deleteFrom(table).where('connection', '=', id).execute()
  }
  await tx.deleteFrom('connections').where('id', '=', id).execute()
}

/** Six letters without vowels: no words by chance. */
const consonants = 'bcdfghjkmnpqrstvwxz'
const newShopKey = () => Array.from({ length: 6 }, () => consonants.charAt(randomInt(consonants.length))).join('')
