import { fill, type Language, type Params } from '../messages/language.ts'

/** Something wrong in the settings: where, what, and the nearest right value. */
export interface Problem {
  /** `connections[0].orders.stages.N` */
  place: string
  /** In the file, where it is known. */
  line?: number
  column?: number
  code: ProblemCode
  params?: Params
  /** The nearest right value. */
  suggestion?: string
}

const texts = {
  yaml: { ru: 'файл не читается как YAML: {detail}', en: 'the file cannot be read as YAML: {detail}' },
  'unknown-key': { ru: 'нет такого ключа «{key}»', en: 'there is no such key "{key}"' },
  'duplicate-key': { ru: 'ключ «{key}» стоит дважды', en: 'the key "{key}" stands twice' },
  'wrong-value': { ru: '{detail}', en: '{detail}' },
  missing: { ru: 'значение обязательно', en: 'a value is required' },
  'duplicate-name': { ru: 'имя «{name}» уже есть', en: 'the name "{name}" is taken' },
  'base-url': {
    ru: 'baseUrl годится только для эмулятора на этой машине (127.0.0.0/8, [::1], localhost)',
    en: 'baseUrl serves emulators on this machine only (127.0.0.0/8, [::1], localhost)',
  },
  'domain-or-base-url': { ru: 'нужен domain (или baseUrl эмулятора)', en: 'domain is needed (or the baseUrl of an emulator)' },
  template: { ru: 'шаблон не читается (знак {at}): {detail}', en: 'the template cannot be read (character {at}): {detail}' },
  path: { ru: 'путь не читается: {detail}', en: 'the path cannot be read: {detail}' },
  transform: { ru: 'преобразование не читается: {detail}', en: 'the transform cannot be read: {detail}' },
  'no-pipeline': { ru: 'в аккаунте нет воронки «{name}»', en: 'the account has no pipeline "{name}"' },
  'no-stage': { ru: 'в воронке «{pipeline}» нет этапа «{name}»', en: 'the pipeline "{pipeline}" has no stage "{name}"' },
  'unsorted-stage': {
    ru: '«{name}» — этап неразобранного: писать в него нельзя',
    en: '"{name}" is the unsorted stage: it cannot be written to',
  },
  'no-user': { ru: 'в аккаунте нет сотрудника «{name}»', en: 'the account has no user "{name}"' },
  'inactive-user': { ru: 'сотрудник «{name}» отключён или бесплатный', en: 'the user "{name}" is deactivated or free' },
  'users-hidden': { ru: 'список сотрудников закрыт для этого токена: укажите id', en: "the token may not list users: give the user's id" },
  'no-field': { ru: 'в аккаунте нет поля «{name}»', en: 'the account has no field "{name}"' },
  'no-loss-reason': { ru: 'нет причины отказа «{name}»', en: 'there is no loss reason "{name}"' },
  'no-order-field-target': { ru: 'в «{name}» писать нельзя', en: '"{name}" cannot be written to' },
} satisfies Record<string, Record<Language, string>>

export type ProblemCode = keyof typeof texts

/** "shop.yaml:12:5 connections[0].orders.stages.N: … — did you mean …?" */
export function renderProblem({ place, line, column, code, params = {}, suggestion }: Problem, language: Language): string {
  const where = [line === undefined ? '' : `${line}:${column ?? 1}`, place].filter(Boolean).join(' ')
  const hint = suggestion === undefined ? '' : language === 'ru' ? `. Возможно, «${suggestion}»?` : `. Did you mean "${suggestion}"?`
  return `${where}: ${fill(texts[code][language], params)}${hint}`
}
