import { bridgeSteps } from './bridge.ts'
import { fill, type Language, type Params } from './language.ts'

const texts: Record<string, Record<Language, string>> = {
  received: { ru: 'Пришёл из магазина: статус {status}, сумма {total}', en: 'Came from the shop: status {status}, total {total}' },
  'received-deleted': { ru: 'Магазин сообщил: заказ удалён', en: 'The shop said: the order was deleted' },
  'received-archived': { ru: 'Магазин сообщил: заказ в архиве', en: 'The shop said: the order was archived' },
  'deal-created': { ru: 'Создана сделка {deal}, контакт {contact}', en: 'Deal {deal} made, contact {contact}' },
  'deal-recovered': {
    ru: 'Ответ amoCRM потерялся, сделка {deal} найдена по ключу',
    en: 'An answer of amoCRM was lost; deal {deal} was found by its key',
  },
  'deal-merged': {
    ru: 'Контроль дублей amoCRM объединил заказ со сделкой {deal}; заказ получает свою',
    en: "amoCRM's duplicate control put the order into deal {deal}; the order gets its own",
  },
  'deal-updated': { ru: 'Сделка {deal} обновлена: {what}', en: 'Deal {deal} updated: {what}' },
  'deal-gone': { ru: 'Сделки {deal} больше нет в amoCRM', en: 'Deal {deal} is no longer in amoCRM' },
  'stage-left': { ru: 'Этап не изменён: сделка в воронке «{pipeline}»', en: 'Stage left alone: the deal is in the pipeline "{pipeline}"' },
  'note-updated': { ru: 'Примечание обновлено', en: 'Note updated' },
  skipped: { ru: 'Сделка не нужна: {reason}', en: 'No deal needed: {reason}' },
  waits: { ru: 'Ждёт: {reason}', en: 'Waits: {reason}' },
  failed: { ru: 'Не удалось: {reason}', en: 'Failed: {reason}' },
  ...bridgeSteps,
  'command-done': { ru: 'Магазин выполнил команду {type}', en: 'The shop carried out {type}' },
  'command-failed': { ru: 'Магазин не выполнил команду {type}: {message}', en: 'The shop refused {type}: {message}' },
}

/** An unknown step shows its own name. */
export function renderStep(step: string, params: Params, language: Language): string {
  const text = Object.hasOwn(texts, step) ? texts[step]?.[language] : undefined
  return text === undefined ? step : fill(text, params)
}
