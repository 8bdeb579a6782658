import { texts } from './texts.js'

const storageKey = 'amocrm-board-language'

const readers = navigator.language.startsWith('ru') ? 'ru' : 'en'
let language = Object.hasOwn(texts, localStorage.getItem(storageKey) ?? '') ? localStorage.getItem(storageKey) : readers

export const languages = Object.keys(texts)
export const currentLanguage = () => language
export const t = () => texts[language]

export function setLanguage(chosen) {
  language = chosen
  localStorage.setItem(storageKey, chosen)
}

/** Whole roubles. */
export const money = (sum) => `${new Intl.NumberFormat(language).format(sum)} ₽`

export const moment = (sec) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(sec * 1000)

export const day = (sec) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(sec * 1000)
