import type { Language } from './language.ts'

/** Words of the order note in the deal's card. */
export const noteWords: Record<Language, Record<NoteWord, string>> = {
  ru: {
    order: 'Заказ',
    delivery: 'Доставка',
    track: 'трек',
    payment: 'Оплата',
    paid: 'оплачено',
    unpaid: 'не оплачено',
    discount: 'Скидка',
    total: 'Итого',
    comment: 'Комментарий покупателя',
    managerComment: 'Комментарий менеджера',
    moreLines: 'и ещё строк',
    notAccepted: 'Не поместилось в поля сделки',
    cancelled: 'Заказ отменён',
    deleted: 'Заказ удалён в магазине',
  },
  en: {
    order: 'Order',
    delivery: 'Delivery',
    track: 'track',
    payment: 'Payment',
    paid: 'paid',
    unpaid: 'not paid',
    discount: 'Discount',
    total: 'Total',
    comment: "Buyer's comment",
    managerComment: "Manager's comment",
    moreLines: 'more lines:',
    notAccepted: 'Did not fit the fields of the deal',
    cancelled: 'The order is cancelled',
    deleted: 'The order was deleted in the shop',
  },
}

export type NoteWord =
  | 'order'
  | 'delivery'
  | 'track'
  | 'payment'
  | 'paid'
  | 'unpaid'
  | 'discount'
  | 'total'
  | 'comment'
  | 'managerComment'
  | 'moreLines'
  | 'notAccepted'
  | 'cancelled'
  | 'deleted'
