import { expect, test } from 'vitest'
import { startBrowser } from './support/browser.ts'
import { startDemoProcess } from './support/demo-process.ts'
import { until } from './support/until.ts'

test('an order placed in the shop by a person stands on the board of amoCRM, and follows what is done to it', {
  timeout: 60_000,
}, async () => {
  await using demo = startDemoProcess('--orders', '0', '--latency', 'none')
  const { shop, crm } = await demo.addresses()
  await using browser = await startBrowser()
  const page = await browser.newPage({ locale: 'ru-RU' })

  await page.goto(`${shop}/?utm_source=yandex&utm_campaign=autumn`)
  await page.getByTestId('product-501').getByRole('button').click()
  const form = page.getByTestId('checkout-form')
  await form.locator('#name').fill('Иванова Анна')
  await form.locator('#phone').fill('8 (916) 123-45-67')
  await form.locator('#email').fill('anna@example.test')
  await page.getByTestId('place-order').click()
  await page.waitForURL(`${shop}/orders`)
  const orderId = (await page.locator('[data-order]').first().getAttribute('data-order')) ?? ''
  expect(orderId).toMatch(/^\d+$/)

  const board = await browser.newPage({ locale: 'ru-RU' })
  await board.goto(crm)
  const card = board.locator('a.deal').filter({ hasText: orderId })
  await card.waitFor()
  expect(await board.getByTestId('stage-60000002').textContent()).toContain(orderId)
  await card.click()
  const panel = board.getByTestId('deal-panel')
  await panel.getByText('Кофемашина X1').first().waitFor()
  const text = (await panel.textContent()) ?? ''
  for (const part of ['yandex', 'autumn', `ID=${orderId}`]) expect(`${text} ${await panel.innerHTML()}`).toContain(part)
  const values = await panel.locator('input').evaluateAll((inputs) => inputs.map((input) => String(Reflect.get(input, 'value'))))
  expect(values.join(' ')).toContain('+79161234567')
  expect(values.join(' ')).toContain('anna@example.test')

  await page.goto(`${shop}/admin/orders/${orderId}`)
  await until('the number of the deal in the shop', async () => {
    await page.reload()
    return (await page.content()).includes('/leads/detail/')
  })
  await page.getByTestId('cancel').click()
  await board.getByTestId('stage-143').filter({ hasText: orderId }).waitFor()

  // The service logs all it can here: nothing of it says who bought.
  expect(demo.output()).not.toMatch(/9161234567|123-45-67|anna@example|Иванова|Анна/i)
  const { code, tookMs } = await demo.stop()
  expect(code).toBe(0)
  // Required of the service: SIGTERM ends it within five seconds.
  expect(tookMs).toBeLessThan(5_000)
})

test('the demo places orders by itself and says that all became deals', { timeout: 60_000 }, async () => {
  await using demo = startDemoProcess('--orders', '20', '--exit', '--latency', 'none')
  expect(await demo.ended()).toBe(0)
  expect(demo.output()).toContain('Orders: 20, deals: 20')
})
