import type { Found } from './explain-issue.ts'
import { itemsAt, ownValue } from './own-value.ts'

/** What several values say together. Reads the file as it is, so that it is told beside the problems of single values. */
export function checkTogether(raw: unknown): Found[] {
  const connections = itemsAt(raw, ['connections'])
  return [
    ...repeated(connections, 'name').map(
      ([index, name]): Found => ({ path: ['connections', index, 'name'], code: 'duplicate-name', params: { name } }),
    ),
    ...repeated(connections, 'shopKey').map(
      ([index, key]): Found => ({ path: ['connections', index, 'shopKey'], code: 'duplicate-shop-key', params: { key } }),
    ),
    ...connections.flatMap(([index, connection]) =>
      [...checkAccount(connection), ...checkRules(connection)].map((found) => ({ ...found, path: ['connections', index, ...found.path] })),
    ),
  ]
}

/** Values of the key that an earlier connection has too. */
function repeated(connections: [number, unknown][], key: string): [number, string][] {
  const seen = new Set<string>()
  return connections.flatMap(([index, connection]): [number, string][] => {
    const value = ownValue(connection, [key])
    if (typeof value !== 'string') return []
    if (seen.has(value)) return [[index, value]]
    seen.add(value)
    return []
  })
}

function checkAccount(connection: unknown): Found[] {
  const at = (key: string) => ownValue(connection, ['amocrm', key])
  if (ownValue(connection, ['amocrm']) === undefined) return []
  return [
    ...(at('domain') === undefined && at('baseUrl') === undefined ? [{ path: ['amocrm'], code: 'domain-or-base-url' as const }] : []),
    ...(at('token') !== undefined && at('oauth') !== undefined ? [{ path: ['amocrm', 'oauth'], code: 'token-or-oauth' as const }] : []),
  ]
}

function checkRules(connection: unknown): Found[] {
  const orders = itemsAt(connection, ['orders', 'rules']).flatMap(([index, rule]): Found[] => {
    const [least, most] = [ownValue(rule, ['when', 'minTotal']), ownValue(rule, ['when', 'maxTotal'])]
    const never = typeof least === 'number' && typeof most === 'number' && least > most
    return never ? [{ path: ['orders', 'rules', index, 'when', 'minTotal'], code: 'min-above-max' }] : []
  })
  const forms = itemsAt(connection, ['forms', 'rules']).flatMap(([index, rule]): Found[] => {
    const target = ownValue(rule, ['target'])
    const idle = ownValue(rule, ['stage']) !== undefined && (target === 'unsorted' || target === 'none')
    return idle ? [{ path: ['forms', 'rules', index, 'stage'], code: 'stage-without-deal' }] : []
  })
  return [...orders, ...forms]
}
