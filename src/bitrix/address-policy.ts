import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Where a shop may live. */
export interface AddressRules {
  /** Networks such as `10.1.0.0/16` or single addresses. */
  privateNetworks: readonly string[]
  /** Loopback endpoints are allowed only while the service itself listens on loopback. */
  listensOnLoopback: boolean
}

/** The address is one we do not call; the message says which setting would allow it. */
export class AddressRefusedError extends Error {
  override name = 'AddressRefusedError'
}

export interface AddressPolicy {
  /** Before DNS: https, or plain http for loopback; an address given as a number is judged here. Throws AddressRefusedError. */
  requireUrl(endpoint: string): URL
  /** For sockets: judges what DNS answered, at the moment of connecting. */
  lookup: LookupFunction
}

const loopbackNetworks = ['127.0.0.0/8', '::1/128']
/** What a shop on the internet never has: private, link-local, carrier, documentation-free special and multicast ranges. */
const innerNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '64:ff9b::/96',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]

export function createAddressPolicy(rules: AddressRules): AddressPolicy {
  const loopback = toBlockList(loopbackNetworks)
  const inner = toBlockList(innerNetworks)
  const listed = toBlockList(rules.privateNetworks)

  function judge(address: string, host: string): AddressRefusedError | undefined {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (loopback.check(address, family)) {
      if (rules.listensOnLoopback) return undefined
      return new AddressRefusedError(`${host} is this very machine: allowed only while the service listens on loopback (AMOBRIDGE_HOST)`)
    }
    if (!inner.check(address, family) || listed.check(address, family)) return undefined
    return new AddressRefusedError(
      `${host} is in a private network (${address}): list the network in AMOBRIDGE_PRIVATE_NETWORKS to allow it`,
    )
  }

  return {
    requireUrl(endpoint) {
      const url = URL.parse(endpoint)
      if (url === null || !/^https?:$/.test(url.protocol)) throw new AddressRefusedError('the address must begin with https://')
      if (url.username !== '' || url.password !== '') throw new AddressRefusedError('the address must not contain a password')
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const isAddress = isIP(host) !== 0
      const isLoopback = isAddress ? loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4') : host === 'localhost'
      if (url.protocol === 'http:' && !isLoopback) {
        throw new AddressRefusedError(`the address must begin with https://: plain http is allowed for this very machine only`)
      }
      const refused = isAddress ? judge(host, host) : undefined
      if (refused !== undefined) throw refused
      return url
    },

    lookup(hostname, options, done) {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error !== null) return done(error, '')
        const allowed = found.filter(({ address }) => judge(address, hostname) === undefined)
        const [first] = allowed
        if (first === undefined) {
          return done(judge(found[0]?.address ?? '', hostname) ?? new AddressRefusedError(`${hostname} has no address`), '')
        }
        if (options.all === true) done(null, allowed)
        else done(null, first.address, first.family)
      })
    },
  }
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const version = isIP(address)
    if (version === 0) throw new AddressRefusedError(`${network} is no network: write it as 10.1.0.0/16`)
    const family = version === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix), family)
  }
  return list
}
