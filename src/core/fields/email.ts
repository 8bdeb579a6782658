const shape = /^[^\s@"<>(),;:\\[\]]{1,64}@[^\s@"<>(),;:\\[\]]+\.[^\s@"<>(),;:\\[\].]+$/u

/** Trimmed and in lower case, or null when it is no address. */
export function toEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  const dotsInPlace = !email.includes('..') && !email.startsWith('.') && !/\.@|@[.-]/.test(email)
  return email.length <= 254 && shape.test(email) && dotsInPlace ? email : null
}
