import type { Language } from '../core/messages/language.ts'

/** The demo's tour in the terminal. */
const texts = {
  starting: {
    ru: 'Демо: магазин, amoCRM (эмуляторы) и сам Amobridge на этой машине. Ничего наружу не отправляется.',
    en: 'Demo: a shop, amoCRM (both emulated) and Amobridge itself on this machine. Nothing leaves it.',
  },
  tour: {
    ru: [
      '  Магазин          {shop}          закажите что-нибудь: сделка появится через секунду',
      '  Мои заказы       {shop}/orders',
      '  Админка магазина {shop}/admin    измените, оплатите, отгрузите, отмените заказ',
      '  amoCRM           {crm}          доска сделок',
      '  Amobridge        {service}',
      '',
      '  Попробуйте: закажите с тем же телефоном ещё раз — контакт будет один.',
      '  Остановить: Ctrl+C.',
    ].join('\n'),
    en: [
      '  Shop             {shop}          place an order: its deal appears within a second',
      '  My orders        {shop}/orders',
      '  Shop admin       {shop}/admin    edit, pay, ship, cancel an order',
      '  amoCRM           {crm}          the board of deals',
      '  Amobridge        {service}',
      '',
      '  Try: order again with the same phone: there is still one contact.',
      '  Stop: Ctrl+C.',
    ].join('\n'),
  },
  placing: { ru: 'Оформляем заказов: {count}', en: 'Placing orders: {count}' },
  arrived: { ru: '  заказ {number} → сделка {deal}  ({seconds} с)', en: '  order {number} → deal {deal}  ({seconds} s)' },
  equal: { ru: 'Заказов: {orders}, сделок: {deals}.', en: 'Orders: {orders}, deals: {deals}.' },
  late: {
    ru: 'Не дождались: {orders} заказов, {deals} сделок. amobridge status подскажет почему.',
    en: 'Gave up waiting: {orders} orders, {deals} deals. amobridge status tells why.',
  },
} satisfies Record<string, Record<Language, string>>

export const demoText = (name: keyof typeof texts, language: Language): string => texts[name][language]
