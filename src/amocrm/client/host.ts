const accountHost = /^[a-z0-9-]+\.(amocrm\.ru|amocrm\.com|kommo\.com)$/

/** An amoCRM account's own host, the only kind that is ever sent a token. */
function isAccountHost(host: string): boolean {
  return accountHost.test(host) && !host.startsWith('www.')
}

/** Where the calls of an account go: `host` for a real account, `baseUrl` for an emulator on this machine. */
export type AmoAddress = { host: string } | { baseUrl: string }

/** The origin to call. Throws TypeError for anything but an account's host or a loopback address. */
export function toOrigin(address: AmoAddress): string {
  if ('baseUrl' in address) return toLoopbackOrigin(address.baseUrl)
  if (!isAccountHost(address.host)) {
    throw new TypeError(
      `"${address.host}" is not the host of an amoCRM account (expected <subdomain>.amocrm.ru, <subdomain>.amocrm.com or <subdomain>.kommo.com)`,
    )
  }
  return `https://${address.host}`
}

function toLoopbackOrigin(baseUrl: string): string {
  const url = URL.parse(baseUrl)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || !isLoopback(url.hostname)) {
    throw new TypeError(
      `baseUrl "${url?.host ?? baseUrl}" is refused: it serves emulators on this machine only (127.0.0.0/8, [::1], localhost)`,
    )
  }
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must be a scheme, a loopback host and a port, nothing more')
  }
  return url.origin
}

/** `hostname` as URL normalises it, so that "127.1" has become "127.0.0.1" already. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
