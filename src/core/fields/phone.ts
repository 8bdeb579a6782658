import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

export interface Phone {
  e164: string
  /** "12" of "доб. 12": kept apart, two people of one office share the number before it. */
  extension: string | null
}

/** E.164, or null when the text is no phone number that could be rung. 8-800 and 8 (999) are Russian habits; an extension is left out. */
export function toE164(text: string, country: CountryCode = 'RU'): string | null {
  return readPhone(text, country)?.e164 ?? null
}

/** null: no number that could be rung, or several of them; nothing is guessed. */
export function readPhone(text: string, country: CountryCode = 'RU'): Phone | null {
  const phone = parsePhoneNumberFromString(text.replace(internalWord, ' доб. '), country) ?? parseRussianEight(text)
  return phone?.isValid() ? { e164: phone.number, extension: phone.ext ?? null } : null
}

/** "вн. 12" and "внутр. 12" say what "доб. 12" says. */
const internalWord = /[\s,]+вн(?:утр)?(?:\.|\s)\s*(?=\d)/iu

/** "+8 (999) …" mixes both Russian habits; no country has such a number, so it can mean nothing else. */
function parseRussianEight(text: string) {
  return /^\s*\+8[\s(-]/.test(text) ? parsePhoneNumberFromString(text.replace('+', ''), 'RU') : undefined
}
