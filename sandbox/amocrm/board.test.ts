import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startFixture } from './testing/fixture.ts'

const Board = z.looseObject({
  version: z.int(),
  stages: z.array(z.looseObject({ id: z.int(), count: z.int(), sum: z.int(), deals: z.array(z.looseObject({ id: z.int() })) })),
})

describe('the board', () => {
  test('shows the newest deals of each stage, and counts and sums all', async () => {
    await using amo = await startFixture()
    const contactId = amo.amo.world.createContact({ firstName: 'Анна' }).id
    for (let made = 0; made < 70; made += 1) amo.amo.world.createLead({ price: 10, contactId, addTags: ['Сайт'] })
    amo.amo.world.createLead({ pipelineId: 7000002 })
    const { stages } = Board.parse((await amo.get('/_board/board')).body)
    expect(stages.map(({ id }) => id)).toEqual([60000001, 60000002, 60000003, 60000004, 60000005, 142, 143])
    expect(stages[1]).toMatchObject({ name: 'Новый заказ', count: 70, sum: 700 })
    expect(stages[1]?.deals).toHaveLength(60)
    expect(stages[1]?.deals[0]).toMatchObject({ id: 4200070, price: 10, contact: 'Анна', tags: ['Сайт'] })
    const opt = Board.parse((await amo.get('/_board/board?pipeline=7000002')).body)
    expect(opt.stages.map(({ count }) => count)).toEqual([0, 1, 0, 0, 0, 0])
  })

  test('is read again only after a change', async () => {
    await using amo = await startFixture()
    const { version } = Board.parse((await amo.get('/_board/board')).body)
    expect((await amo.get(`/_board/board?since=${version}`)).body).toEqual({ version, unchanged: true })
    amo.amo.world.createLead({})
    expect(Board.safeParse((await amo.get(`/_board/board?since=${version}`)).body).success).toBe(true)
  })

  test('shows a deal with its people, fields and notes, and 404 when it is gone', async () => {
    await using amo = await startFixture()
    const { world } = amo.amo
    const contactId = world.createContact({ firstName: 'Анна', phone: '+79990001122' }).id
    const companyId = world.createCompany({ name: 'ООО' }).id
    const { id } = world.createLead({ contactId, companyId, fields: { 500002: 'Карта' } })
    await amo.post(`/leads/${id}/notes`, [{ note_type: 'service_message', params: { service: 'Магазин', text: 'Заказ' } }])
    expect((await amo.get(`/_board/deal?id=${id}`)).body).toMatchObject({
      deal: {
        id,
        responsible: 'Мария',
        contacts: [{ id: contactId, isMain: true, name: 'Анна', phone: '+79990001122', email: '' }],
        company: { name: 'ООО' },
        fields: [{ field_name: 'Способ оплаты', values: [{ value: 'Карта' }] }],
        notes: [{ author: null, text: 'Магазин\nЗаказ' }],
      },
    })
    world.deleteLead(id)
    expect((await amo.get(`/_board/deal?id=${id}`)).status).toBe(404)
  })

  test('looks at another account when asked, and never counts as a call of the API', async () => {
    await using amo = await startFixture()
    amo.amo.world.of(31000002).createLead({ name: 'Чужая' })
    expect((await amo.get('/_board/board?account=31000002')).text).toContain('Чужая')
    expect((await amo.get('/_board/board')).text).not.toContain('Чужая')
    expect(amo.amo.requests().all).toEqual([])
  })

  test.each(['/', '/board/board.js', '/board/board.css', '/board/texts.js', '/board/language.js', '/board/icon.svg'])(
    'serves %s',
    async (path) => {
      await using amo = await startFixture()
      expect((await amo.get(path)).status).toBe(200)
    },
  )

  test('has each text in both languages', async () => {
    const Texts = z.object({ texts: z.object({ ru: z.record(z.string(), z.unknown()), en: z.record(z.string(), z.unknown()) }) })
    const file: unknown = await import(new URL('./board/texts.js', import.meta.url).href)
    const { ru, en } = Texts.parse(file).texts
    expect(Object.keys(ru).length).toBeGreaterThan(20)
    expect(Object.keys(en)).toEqual(Object.keys(ru))
  })
})
