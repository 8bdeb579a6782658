import type { IncidentText } from './incidents.ts'
import type { Language } from './language.ts'

/** Incidents of the exchange with a shop, by code. */
export const bridgeIncidents: Record<string, Record<Language, IncidentText>> = {
  'event-rejected': {
    ru: {
      title: 'Событие магазина не читается',
      text: 'Событие {event} отклонено: {message}. Модуль хранит его с пометкой и больше не присылает, остальные приняты.',
      fix: 'Обновите модуль и сервис до одной версии, затем сохраните этот заказ в магазине ещё раз.',
    },
    en: {
      title: 'An event of the shop cannot be read',
      text: 'Event {event} was rejected: {message}. The module keeps it, marked, and does not send it again; the others were accepted.',
      fix: 'Bring module and service to one version, then save that order in the shop once more.',
    },
  },
  'shop-copied': {
    ru: {
      title: 'Магазин перенесён или скопирован',
      text: 'Модуль магазина заметил, что работает на другом сервере или с другой базой. Команды ждут, событий он не шлёт.',
      fix: 'Откройте страницу модуля в магазине и ответьте: магазин переехал или это копия.',
    },
    en: {
      title: 'The shop was moved or copied',
      text: "The shop's module noticed another server or another database around it. Commands wait, and it sends no events.",
      fix: "Open the module's page in the shop and answer: moved here, or a copy.",
    },
  },
}

/** Steps of the timeline. */
export const bridgeSteps: Record<string, Record<Language, string>> = {
  'received-form': { ru: 'Форма пришла с сайта', en: 'The form came from the site' },
}
