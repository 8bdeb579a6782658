import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** E.164, or null when the text is no phone number that could be rung. 8-800 and 8 (999) are Russian habits; an extension is left out. */
export function toE164(text: string, country: CountryCode = 'RU'): string | null {
  const phone = parsePhoneNumberFromString(text, country)
  return phone?.isValid() ? phone.number : null
}
