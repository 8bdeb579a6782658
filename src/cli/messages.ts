import type { Language } from '../core/messages/language.ts'

/** What the command line says to people. */
const texts = {
  noConnections: {
    ru: 'Подключений ещё нет. Опишите магазин и amoCRM в файле настроек и выполните: amobridge apply shop.yaml',
    en: 'No connections yet. Describe the shop and the account in a settings file and run: amobridge apply shop.yaml',
  },
  listening: { ru: 'Слушаю {url}', en: 'Listening on {url}' },
  stopping: {
    ru: 'Останавливаюсь: начатое закончится, остальное ждёт в базе',
    en: 'Stopping: what was begun ends, the rest waits in the database',
  },
  healthy: { ru: 'всё в порядке', en: 'all is well' },
  notHealthy: { ru: 'требует внимания', en: 'needs attention' },
  queue: {
    ru: 'очередь: {pending} ждут, {running} в работе, {failed} не удалось',
    en: 'queue: {pending} waiting, {running} running, {failed} failed',
  },
  lag: { ru: 'самый старый ждёт {seconds} с', en: 'the oldest has waited {seconds} s' },
  lastExchange: { ru: 'обмен с магазином: {at}', en: 'last exchange with the shop: {at}' },
  incidents: { ru: 'инцидентов: {count}', en: 'incidents: {count}' },
  contactsKnown: { ru: 'контактов в индексе: {known}', en: 'contacts in the index: {known}' },
  contactsRead: {
    ru: 'контакты читаются: уже {known}; заказы этого не ждут',
    en: 'contacts are being read: {known} so far; orders do not wait for it',
  },
  noIncidents: { ru: 'Инцидентов нет', en: 'No incidents' },
  incidentClosed: { ru: 'Закрыт', en: 'Closed' },
  noSuchIncident: { ru: 'Нет такого открытого инцидента', en: 'There is no such open incident' },
  emptyQueue: { ru: 'Ничего не найдено', en: 'Nothing found' },
  retried: { ru: 'Повторим: {count}', en: 'Tried again: {count}' },
  skipped: { ru: 'Пропущено: {count}', en: 'Skipped: {count}' },
  noSuchOrder: { ru: 'Такого заказа в базе нет', en: 'There is no such order in the database' },
  order: { ru: 'Заказ {number}: {total} {currency}, статус {status}', en: 'Order {number}: {total} {currency}, status {status}' },
  deal: { ru: 'Сделка {deal}, контакт {contact}', en: 'Deal {deal}, contact {contact}' },
  noDeal: { ru: 'Сделки нет', en: 'No deal' },
  applied: { ru: 'Применено, версия настроек {version}', en: 'Applied, settings version {version}' },
  wouldApply: { ru: 'Пробный запуск: ничего не изменено', en: 'Dry run: nothing was changed' },
  noChanges: { ru: 'Изменений нет', en: 'Nothing to change' },
  refused: { ru: 'Настройки не применены:', en: 'The settings were not applied:' },
  pairingCode: {
    ru: 'Код для страницы модуля в магазине (действует до {until}):\n\n  {code}\n',
    en: "The code for the module's page in the shop (valid until {until}):\n\n  {code}\n",
  },
  reached: { ru: 'Магазин отвечает: {host}', en: 'The shop answers: {host}' },
  notReached: {
    ru: 'Магазин пока не отвечает: {why}. Сервис звонит ему снова сам.',
    en: 'The shop does not answer yet: {why}. The service calls it again by itself.',
  },
  paired: { ru: 'Связано: секрет сохранён, магазин может обмениваться', en: 'Paired: the secret is kept, the shop may exchange' },
  paused: { ru: 'Пауза: всё принимается, ничего не отправляется', en: 'Paused: everything is accepted, nothing is sent' },
  resumed: { ru: 'Работает', en: 'Resumed' },
  tokenOnce: {
    ru: 'Ключ показан один раз и нигде не хранится:',
    en: 'The key is shown once and kept nowhere:',
  },
  noTokens: { ru: 'Ключей нет', en: 'No keys' },
  tokenRevoked: { ru: 'Ключ {name} больше не действует', en: 'The key {name} is no longer valid' },
  noSuchToken: { ru: 'Ключа {name} нет', en: 'There is no key {name}' },
} satisfies Record<string, Record<Language, string>>

export type CliText = keyof typeof texts
export const cliText = (name: CliText, language: Language): string => texts[name][language]
