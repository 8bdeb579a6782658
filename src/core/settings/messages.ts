import type { FieldProblemCode } from '../fields/parsed.ts'
import type { Language } from '../messages/language.ts'

/** What is wrong, and where a sentence helps, how to mend it. */
interface ProblemText {
  text: string
  fix?: string
}

type Entry = Record<Language, ProblemText>
type Said = string | [text: string, fix: string]

const words = (said: Said): ProblemText => (typeof said === 'string' ? { text: said } : { text: said[0], fix: said[1] })
const entry = (ru: Said, en: Said): Entry => ({ ru: words(ru), en: words(en) })

/** Why a path, a template or a transform of a field cannot be read. */
const fieldTexts = {
  'path-syntax': entry('путь не читается здесь: «{rest}»', 'the path cannot be read here: "{rest}"'),
  'path-root': entry('путь не может начинаться с «{root}»; начала: {known}', 'a path cannot begin with "{root}"; it begins with: {known}'),
  'path-unknown': entry('здесь нет «{path}»; есть: {known}', 'there is no "{path}" here; there are: {known}'),
  'path-section': entry('«{path}» — раздел, а не значение; в нём есть: {known}', '"{path}" is a section, not a value; it has: {known}'),
  'path-list': entry(
    ['«{path}» — список', 'Укажите, что взять: [0] — первое, [*] — все.'],
    ['"{path}" is a list', 'Say which to take: [0] is the first, [*] is all.'],
  ),
  'template-open': entry('«{{» не закрыто: нет «}}»', '"{{" is not closed: there is no "}}"'),
  'transform-syntax': entry('преобразование «{text}» не читается', 'the transform "{text}" cannot be read'),
  'transform-unknown': entry('нет преобразования «{name}»; есть: {known}', 'there is no transform "{name}"; there are: {known}'),
  'transform-no-argument': entry('{name} пишется без скобок', '{name} takes nothing in brackets'),
  'transform-needs-argument': entry('у {name} должно быть значение в скобках', '{name} needs something in brackets'),
  'transform-map': entry(
    ['map не читается: «{text}»', 'Пример: "map({N: Новый, P: Оплачен})".'],
    ['map cannot be read: "{text}"', 'For example: "map({N: New, P: Paid})".'],
  ),
  'transform-date': entry(
    ['буквы «{letters}» в дате ничего не значат', 'Есть dd, d, MM, M, yyyy, yy, HH, H, mm, ss.'],
    ['the letters "{letters}" mean nothing in a date', 'There are dd, d, MM, M, yyyy, yy, HH, H, mm, ss.'],
  ),
  'transform-zone': entry('нет часового пояса «{zone}»', 'there is no time zone "{zone}"'),
} satisfies Record<FieldProblemCode, Entry>

/** What the file itself can have wrong, whatever the account. */
const fileTexts = {
  yaml: entry('файл не читается как YAML: {detail}', 'the file cannot be read as YAML: {detail}'),
  'yaml-indent': entry('отступ не совпадает с соседними строками', 'the indentation does not match the lines around'),
  'yaml-tab': entry('отступ сделан табуляцией; в YAML нужны пробелы', 'a tab is used for indentation; YAML wants spaces'),
  'yaml-quote': entry('не закрыта кавычка или скобка', 'a quote or a bracket is not closed'),
  'yaml-documents': entry('в файле несколько документов; нужен один', 'the file has several documents; one is wanted'),
  'yaml-tag': entry('теги YAML здесь не нужны', 'YAML tags have no meaning here'),
  'unknown-key': entry('нет такого ключа «{key}»', 'there is no such key "{key}"'),
  'duplicate-key': entry('ключ «{key}» стоит дважды', 'the key "{key}" stands twice'),
  missing: entry('значение обязательно', 'a value is required'),
  empty: entry('значение пустое', 'the value is empty'),
  'wrong-type': entry('здесь нужно: {expected}', 'what is wanted here: {expected}'),
  'not-one-of': entry('нет такого значения; есть: {known}', 'there is no such value; there are: {known}'),
  'too-small': entry('не меньше {least}', 'at least {least}'),
  'too-big': entry('не больше {most}', 'at most {most}'),
  'id-or-name': entry('здесь нужен id (целое число) или название', 'an id (a whole number) or a name is wanted here'),
  version: entry('эта программа читает version: 1', 'this program reads version: 1'),
  'connection-name': entry(
    'имя подключения: строчные латинские буквы, цифры и «-»',
    'a connection name has lower-case Latin letters, digits and "-"',
  ),
  'duplicate-name': entry('имя «{name}» уже есть', 'the name "{name}" is taken'),
  'shop-key': entry('shopKey — шесть строчных латинских букв', 'a shopKey is six lower-case Latin letters'),
  'duplicate-shop-key': entry(
    ['shopKey «{key}» уже есть у другого подключения', 'Один ключ — один магазин: иначе сделки двух магазинов не различить.'],
    ['the shopKey "{key}" belongs to another connection', 'One key, one shop: otherwise the deals of two shops cannot be told apart.'],
  ),
  instant: entry(
    ['нужны дата, время и часовой пояс', 'Пример: 2026-11-23T00:00:00+03:00.'],
    ['a date, a time and a zone are wanted', 'For example: 2026-11-23T00:00:00+03:00.'],
  ),
  url: entry('нужен адрес http(s)://…', 'an address http(s)://… is wanted'),
  endpoint: entry(
    'нужен адрес https://… (http — только для этой же машины)',
    'an address https://… is wanted (http only for this very machine)',
  ),
  domain: entry(
    'нужно имя вида example.amocrm.ru или example.kommo.com',
    'a name such as example.amocrm.ru or example.kommo.com is wanted',
  ),
  'base-url': entry(
    'baseUrl годится только для эмулятора на этой машине (127.0.0.0/8, [::1], localhost)',
    'baseUrl serves emulators on this machine only (127.0.0.0/8, [::1], localhost)',
  ),
  'domain-or-base-url': entry('нужен domain (или baseUrl эмулятора)', 'domain is needed (or the baseUrl of an emulator)'),
  'token-or-oauth': entry('нужно что-то одно: token или oauth', 'give either token or oauth, not both'),
  'secret-reference': entry(
    'ссылка на секрет не читается: env:ИМЯ_ПЕРЕМЕННОЙ или file:ПУТЬ',
    'the reference to a secret cannot be read: env:VARIABLE or file:PATH',
  ),
  'shop-secret': entry('секрет магазина начинается с whsec_', 'the secret of a shop begins with whsec_'),
  email: entry('это не адрес почты', 'this is no e-mail address'),
  'stop-value': entry(
    ['«{value}» — не телефон и не почта', 'Телефон, адрес почты или *@домен.'],
    ['"{value}" is neither a phone nor an e-mail', 'A phone, an e-mail address, or *@domain.'],
  ),
  currency: entry('код валюты — три латинские заглавные буквы', 'a currency code is three Latin capitals'),
  rate: entry('здесь нужен курс (число больше нуля) или skip', 'a rate (a number above zero) or skip is wanted here'),
  schedule: entry(
    ['расписание не читается: {part}', 'Пять частей: минута, час, день, месяц, день недели. Пример: "0 4 * * *" — каждый день в 4:00.'],
    ['the schedule cannot be read: {part}', 'Five parts: minute, hour, day, month, weekday. For example "0 4 * * *": each day at 4:00.'],
  ),
  'time-zone': entry('нет часового пояса «{zone}»', 'there is no time zone "{zone}"'),
  'min-above-max': entry(
    'minTotal больше, чем maxTotal: правило никогда не подойдёт',
    'minTotal is above maxTotal: the rule can never fit',
  ),
  'stage-without-deal': entry('stage бывает только у target: deal', 'only target: deal has a stage'),
} satisfies Record<string, Entry>

/** What does not agree with the account. */
const accountTexts = {
  'no-pipelines': entry('в аккаунте не видно ни одной воронки', 'no pipeline of the account can be seen'),
  'no-pipeline': entry('в аккаунте нет воронки «{name}»', 'the account has no pipeline "{name}"'),
  'no-stage': entry('в воронке «{pipeline}» нет этапа «{name}»', 'the pipeline "{pipeline}" has no stage "{name}"'),
  'stage-elsewhere': entry(
    [
      'этап «{name}» — из воронки «{pipeline}», а сделки живут в «{own}»',
      'Сделка не переходит из воронки в воронку по статусу: нужен этап своей.',
    ],
    [
      'the stage "{name}" is of the pipeline "{pipeline}", and the deals live in "{own}"',
      'A status never moves a deal between pipelines: name a stage of its own.',
    ],
  ),
  'unsorted-stage': entry(
    '«{name}» — этап неразобранного: amoCRM не даёт ни создать в нём сделку, ни перевести её туда',
    '"{name}" is the unsorted stage: amoCRM lets nobody create a deal in it or move one there',
  ),
  'unsorted-off': entry(
    ['в воронке «{name}» выключено «Неразобранное»', 'Включите его в настройках воронки или укажите target: deal.'],
    ['the pipeline "{name}" has its unsorted list switched off', 'Switch it on in the pipeline, or use target: deal.'],
  ),
  'same-stage-twice': entry('этот этап уже назван выше: «{key}»', 'this stage was named above: "{key}"'),
  ambiguous: entry(['название «{name}» носят несколько', 'Укажите id: {ids}.'], ['several have the name "{name}"', 'Give the id: {ids}.']),
  'no-user': entry('в аккаунте нет сотрудника «{name}»', 'the account has no user "{name}"'),
  'inactive-user': entry(
    'сотрудник «{name}» отключён или бесплатный: сделку ему не отдать',
    'the user "{name}" is deactivated or free and cannot be made responsible',
  ),
  'users-hidden': entry(
    ['список сотрудников закрыт для этого токена', 'Укажите id сотрудника или возьмите токен администратора.'],
    ['the token may not list users', "Give the user's id, or take an administrator's token."],
  ),
  'users-needed': entry('назовите хотя бы одного сотрудника', 'name at least one user'),
  'no-field': entry('в аккаунте нет поля «{name}»', 'the account has no field "{name}"'),
  'field-type': entry('поле «{name}» (тип {type}) нельзя заполнить текстом', 'the field "{name}" (type {type}) cannot be filled from text'),
  'own-field': entry('поле «{name}» заполняет сам Amobridge', 'the field "{name}" is filled by Amobridge itself'),
  'own-field-type': entry(
    ['поле с кодом {code} в аккаунте другого типа ({type})', 'Удалите или переименуйте его код: нужно поле типа {wanted}.'],
    [
      'the field with the code {code} has another type in the account ({type})',
      'Delete it or change its code: a field of type {wanted} is needed.',
    ],
  ),
  'no-loss-reason': entry('в аккаунте нет причины отказа «{name}»', 'the account has no loss reason "{name}"'),
} satisfies Record<string, Entry>

export const problemTexts = { ...fileTexts, ...fieldTexts, ...accountTexts }
export type ProblemCode = keyof typeof problemTexts

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(problemTexts, text)

/** What a place of the settings takes, by zod's name of the type. */
export const expectedWords: Record<string, Record<Language, string>> = {
  string: { ru: 'текст (числа и слова true, false — в кавычках)', en: 'text (numbers and the words true, false in quotes)' },
  number: { ru: 'число', en: 'a number' },
  int: { ru: 'целое число', en: 'a whole number' },
  boolean: { ru: 'true или false', en: 'true or false' },
  array: { ru: 'список', en: 'a list' },
  object: { ru: 'раздел с ключами', en: 'a section with keys' },
  record: { ru: 'раздел с ключами', en: 'a section with keys' },
}

export const frameWords: Record<Language, { meant: string; character: string }> = {
  ru: { meant: 'Возможно, «{suggestion}»?', character: 'знак {at}' },
  en: { meant: 'Did you mean "{suggestion}"?', character: 'character {at}' },
}

export const changeWords: Record<Language, { nothing: string; secret: string; added: string; removed: string }> = {
  ru: { nothing: 'не было', secret: 'изменён', added: 'добавлено подключение', removed: 'убрано подключение' },
  en: { nothing: 'not set', secret: 'changed', added: 'connection added', removed: 'connection removed' },
}
