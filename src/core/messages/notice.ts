import type { IncidentText } from './incidents.ts'
import { fill, type Language } from './language.ts'

const texts = {
  one: { ru: 'Amobridge, {connection}: {title}', en: 'Amobridge, {connection}: {title}' },
  many: { ru: 'Amobridge, {connection}: {title} и ещё {more}', en: 'Amobridge, {connection}: {title} and {more} more' },
  whatToDo: { ru: 'Что сделать: {fix}', en: 'What to do: {fix}' },
  times: { ru: 'Повторилось: {count}', en: 'Happened {count} times' },
  more: { ru: 'И ещё {more}. Все: amobridge incidents list', en: 'And {more} more. All of them: amobridge incidents list' },
} satisfies Record<string, Record<Language, string>>

const shownAtMost = 20

export interface Told extends IncidentText {
  count: number
}

/** One mail for all that happened since the last one: what, and what to do. */
export function noticeMail(connection: string, incidents: Told[], language: Language): { subject: string; text: string } {
  const say = (name: keyof typeof texts, params: Record<string, string | number>) => fill(texts[name][language], params)
  const title = incidents[0]?.title ?? ''
  const subject = incidents.length > 1 ? say('many', { connection, title, more: incidents.length - 1 }) : say('one', { connection, title })
  const parts = incidents
    .slice(0, shownAtMost)
    .map(({ title, text, fix, count }) =>
      [title, text, ...(fix === '' ? [] : [say('whatToDo', { fix })]), ...(count > 1 ? [say('times', { count })] : [])].join('\n'),
    )
  const more = incidents.length - shownAtMost
  return { subject, text: [...parts, ...(more > 0 ? [say('more', { more })] : [])].join('\n\n') }
}
