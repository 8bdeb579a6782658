import { describe, expect, test } from 'vitest'
import { createBuyers } from './generator.ts'
import { createProducts } from './products.ts'

const make = (seed: number, count: number) => {
  const buyers = createBuyers(seed, createProducts(0))
  return Array.from({ length: count }, () => buyers.nextOrder())
}
const digitsOf = (phone: string | undefined) => (phone ?? '').replace(/\D/g, '').slice(-10)

describe('generated buyers', () => {
  test('a seed repeats them, another one does not', () => {
    expect(make(7, 200)).toEqual(make(7, 200))
    expect(make(7, 200)).not.toEqual(make(8, 200))
  })

  test('they are as untidy as real ones', () => {
    const orders = make(1, 2000)
    const people = new Set(orders.map((order) => digitsOf(order.phone)))
    expect(people.size).toBeLessThan(1600)
    expect(orders.every((order) => /^9\d{9}$/.test(digitsOf(order.phone)))).toBe(true)
    expect(new Set(orders.map((order) => order.phone?.replace(/\d/g, '0'))).size).toBeGreaterThanOrEqual(8)
    expect(orders.some((order) => order.email !== order.email?.toLowerCase())).toBe(true)
    expect(orders.some((order) => order.oneClick === true)).toBe(true)
    expect(orders.some((order) => order.company?.inn.length === 12)).toBe(true)
    expect(orders.some((order) => order.company?.inn.length === 10)).toBe(true)
    expect(orders.some((order) => order.touch?.last?.utm_source === 'yandex')).toBe(true)

    const emailsByPhone = Map.groupBy(
      orders.filter((order) => order.email !== undefined),
      (order) => digitsOf(order.phone),
    )
    const families = [...emailsByPhone.values()].filter((own) => new Set(own.map((order) => order.email?.toLowerCase())).size > 1)
    expect(families.length).toBeGreaterThan(0)
  })
})
