const shape = /^[^\s@"<>()]+@[^\s@"<>()]+\.[^\s@"<>().]+$/

/** Trimmed and in lower case, or null when it is no address. */
export function toEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && shape.test(email) ? email : null
}
