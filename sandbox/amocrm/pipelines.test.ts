import { describe, expect, test } from 'vitest'
import { errorsOf, rowsOf, startFixture } from './testing/fixture.ts'

const wanted = { name: 'Опт 2', sort: 3, is_main: false, is_unsorted_on: true }

describe('pipelines', () => {
  test('are made whole, with an unsorted status of their own, 142 and 143', async () => {
    await using amo = await startFixture()
    const statuses = [
      { name: 'Заявка', sort: 20, color: '#fffeb2' },
      { id: 142, name: 'Продано' },
    ]
    const [pipeline] = rowsOf(await amo.post('/leads/pipelines', [{ ...wanted, _embedded: { statuses } }]))
    expect(pipeline).toMatchObject({ id: 7000101, name: 'Опт 2', is_main: false })
    expect(rowsOf(await amo.get('/leads/pipelines/7000101/statuses')).map(({ id, name, type }) => [id, name, type])).toEqual([
      [60001001, 'Неразобранное', 1],
      [60001002, 'Заявка', 0],
      [142, 'Продано', 0],
      [143, 'Закрыто и не реализовано', 0],
    ])
    expect(errorsOf(await amo.post('/leads/pipelines', [{ name: 'A' }]))).toEqual([
      '0 FieldMissing sort',
      '0 FieldMissing is_main',
      '0 FieldMissing is_unsorted_on',
    ])
  })

  test('take a new main one; the last main one and those with leads stay', async () => {
    await using amo = await startFixture()
    amo.amo.world.createLead({ pipelineId: 7000002 })
    expect((await amo.send('DELETE', '/leads/pipelines/7000001')).status).toBe(400)
    expect((await amo.send('DELETE', '/leads/pipelines/7000002')).status).toBe(400)
    await amo.patch('/leads/pipelines/7000002', { is_main: true })
    expect((await amo.send('DELETE', '/leads/pipelines/7000001')).status).toBe(204)
    expect((await amo.get('/leads/pipelines/7000001')).status).toBe(404)
  })

  test('a deleted stage leaves its leads in the first one; system stages stay', async () => {
    await using amo = await startFixture()
    const { id } = amo.amo.world.createLead({ statusId: 60000003 })
    const [made] = rowsOf(await amo.post('/leads/pipelines/7000001/statuses', [{ name: 'Сборка', sort: 35 }]))
    expect((await amo.patch(`/leads/pipelines/7000001/statuses/${made?.id}`, { name: 'Упаковка' })).body).toMatchObject({
      name: 'Упаковка',
    })
    expect((await amo.send('DELETE', '/leads/pipelines/7000001/statuses/60000003')).status).toBe(204)
    expect(amo.amo.world.lead(id)?.statusId).toBe(60000002)
    for (const system of [142, 143, 60000001])
      expect((await amo.send('DELETE', `/leads/pipelines/7000001/statuses/${system}`)).status).toBe(400)
    expect(errorsOf(await amo.post('/leads/pipelines/7000001/statuses', [{ name: 'A', sort: 1, color: '#000000' }]))).toEqual([
      '0 NotSupportedChoice color',
    ])
  })
})
