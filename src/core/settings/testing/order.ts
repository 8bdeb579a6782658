import { orderId } from '../../ids.ts'
import type { Order } from '../../order.ts'

export function anOrder(more: Partial<Order> = {}): Order {
  return {
    id: orderId('10025'),
    number: '10025',
    site: 's1',
    personType: '1',
    status: 'N',
    cancelled: false,
    cancelReason: null,
    paid: false,
    createdAt: '2026-11-23T08:00:00Z',
    updatedAt: '2026-11-23T08:00:00Z',
    statusAt: null,
    currency: 'RUB',
    total: '15990.00',
    paidSum: '0.00',
    deliveryPrice: '500.00',
    discount: '0.00',
    comment: null,
    managerComment: null,
    adminUrl: null,
    buyer: { userId: null, firstName: 'Анна', lastName: null, middleName: null, phone: null, email: null, company: null },
    properties: {},
    linesTotal: 0,
    lines: [],
    payments: [],
    shipments: [],
    touch: { first: null, last: null },
    ...more,
  }
}
