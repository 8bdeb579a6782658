import type { Unfit } from '../fields/fit.ts'
import type { Language } from './language.ts'

/** Why a value does not fit its field, in words. */
const texts: Record<Unfit, Record<Language, string>> = {
  'not-in-list': { ru: 'такого варианта в списке нет', en: 'the list has no such option' },
  'no-number': { ru: 'это не число', en: 'it is no number' },
  'no-date': { ru: 'это не дата', en: 'it is no date' },
  'no-yes-or-no': { ru: 'это не «да» и не «нет»', en: 'it is neither yes nor no' },
  'no-url': { ru: 'это не адрес', en: 'it is no address' },
  'several-values': { ru: 'значений несколько, а поле вмещает одно', en: 'there are several values, the field holds one' },
  'unsupported-type': { ru: 'поле такого типа нельзя заполнить текстом', en: 'a field of this type cannot be filled with text' },
}

const isUnfit = (reason: string): reason is Unfit => Object.hasOwn(texts, reason)

/** A reason code in words; what is no code is shown as it is. */
export const renderReason = (reason: string, language: Language): string => (isUnfit(reason) ? texts[reason][language] : reason)
