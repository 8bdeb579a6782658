import type { FormInput, OrderInput } from './inputs.ts'
import type { Product } from './model.ts'
import { listSold } from './products.ts'
import { createRandom, type Random } from './random.ts'

/** One who buys. `typePhone` is written anew each time in another of the ways Russians type a number. */
interface Buyer {
  firstName: string
  lastName: string
  middleName: string
  /** Ten digits after +7; families share one. */
  phone: string
  email: string | null
  company: { name: string; inn: string; kpp?: string } | null
}

export interface Buyers {
  nextOrder(): OrderInput
  nextForm(): FormInput
}

const men: readonly [string, ...string[]] = [
  'Александр',
  'Дмитрий',
  'Максим',
  'Сергей',
  'Андрей',
  'Алексей',
  'Артём',
  'Илья',
  'Кирилл',
  'Михаил',
  'Олег',
  'Павел',
]
const women: readonly [string, ...string[]] = [
  'Анна',
  'Мария',
  'Елена',
  'Ольга',
  'Наталья',
  'Екатерина',
  'Татьяна',
  'Ирина',
  'Юлия',
  'Светлана',
  'Дарья',
  'Алёна',
]
const fathers: readonly [string, ...string[]] = ['Александр', 'Иван', 'Николай', 'Владимир', 'Степан', 'Борис']
const surnames: readonly [string, ...string[]] = [
  'Иванов',
  'Смирнов',
  'Кузнецов',
  'Попов',
  'Васильев',
  'Петров',
  'Соколов',
  'Михайлов',
  'Новиков',
  'Фёдоров',
  'Морозов',
  'Волков',
  'Алексеев',
  'Лебедев',
  'Семёнов',
  'Егоров',
  'Павлов',
  'Козлов',
  'Степанов',
  'Орлов',
]
const firms: readonly [string, ...string[]] = [
  'Ромашка',
  'Вектор',
  'Северный ветер',
  'Кофейня на углу',
  'Стройинвест',
  'Альфа-Снаб',
  'Городской сад',
  'Пекарня №1',
]
const latin: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'h',
  ц: 'c',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}
const campaigns: readonly [readonly [string, string, string], ...(readonly [string, string, string])[]] = [
  ['yandex', 'cpc', 'brand'],
  ['yandex', 'cpc', 'kofemashiny'],
  ['vk', 'social', 'osen'],
  ['google', 'organic', ''],
  ['telegram', 'post', 'recepty'],
  ['mail', 'email', 'digest-12'],
]
const comments: readonly [string, ...string[]] = [
  'позвонить до 18',
  'домофон 12, 3 подъезд',
  'подарок, упакуйте пожалуйста',
  'сдача с 5000',
  'можно без звонка 👍',
]

const repeats = 0.35
const sharesFamilyPhone = 0.08
const withoutEmail = 0.2
const isCompany = 0.1
const isOneClick = 0.12
const cameByAdvert = 0.55
const withComment = 0.3

/** A stream of realistic orders: a seed gives the same people and baskets each time. */
export function createBuyers(seed: number, products: readonly Product[]): Buyers {
  const random = createRandom(seed)
  const [firstProduct, ...otherProducts] = listSold(products)
  if (firstProduct === undefined) throw new Error('the shop sells nothing')
  const sold: readonly [Product, ...Product[]] = [firstProduct, ...otherProducts]
  const known: Buyer[] = []

  function buyer(): Buyer {
    const old = known[random.between(0, Math.max(0, known.length - 1))]
    // The first customers of a shop are seldom the same person.
    const familiarity = Math.min(1, known.length / 20)
    if (old !== undefined && random.happens(repeats * familiarity)) return old
    const fresh = makeBuyer(random, old !== undefined && random.happens(sharesFamilyPhone * familiarity) ? old : undefined, known.length)
    known.push(fresh)
    return fresh
  }

  function lines() {
    const picked = Array.from({ length: random.between(1, 3) }, () => random.pick(sold))
    return [...new Set(picked)].map((product) => ({
      productId: product.id,
      quantity: product.unit === 'кг' ? random.between(1, 6) / 4 : random.happens(0.8) ? 1 : random.between(2, 5),
    }))
  }

  function nextOrder(): OrderInput {
    const who = buyer()
    const phone = typePhone(random, who.phone)
    if (random.happens(isOneClick)) return { name: who.firstName, phone, oneClick: true, lines: lines() }
    return {
      name: typeName(random, who),
      phone,
      ...(who.email === null ? {} : { email: typeEmail(random, who.email) }),
      ...(who.company === null ? {} : { company: who.company }),
      lines: lines(),
      delivery: random.pick(['Курьер', 'Самовывоз', 'СДЭК']),
      ...(random.happens(withComment) ? { comment: random.pick(comments) } : {}),
      ...(random.happens(cameByAdvert) ? fromAdvert(random) : {}),
    }
  }

  function nextForm(): FormInput {
    const who = buyer()
    return { form: 'CALLBACK', answers: { NAME: who.firstName, PHONE: typePhone(random, who.phone) }, page: '/contacts/' }
  }

  return { nextOrder, nextForm }
}

function makeBuyer(random: Random, relative: Buyer | undefined, index: number): Buyer {
  const isWoman = random.happens(0.5)
  const root = relative === undefined ? random.pick(surnames) : relative.lastName.replace(/а$/, '')
  const father = random.pick(fathers)
  const firstName = random.pick(isWoman ? women : men)
  const lastName = isWoman ? `${root}а` : root
  return {
    firstName,
    lastName,
    middleName: patronymic(father, isWoman),
    phone:
      relative?.phone ??
      `9${String(random.between(0, 99)).padStart(2, '0')}${String(index * 7919 + random.between(0, 7918))
        .padStart(7, '0')
        .slice(-7)}`,
    email: random.happens(withoutEmail) ? null : `${toLatin(firstName)}.${toLatin(lastName)}${index}@example.test`,
    company: random.happens(isCompany) ? makeCompany(random) : null,
  }
}

function patronymic(father: string, isWoman: boolean): string {
  const stem = father === 'Николай' ? 'Николае' : `${father}о`
  return isWoman ? `${stem}вна` : `${stem}вич`
}

function makeCompany(random: Random): { name: string; inn: string; kpp?: string } {
  const name = random.pick(firms)
  if (random.happens(0.3)) return { name: `ИП ${random.pick(surnames)}`, inn: makeInn12(random) }
  return { name: `ООО «${name}»`, inn: makeInn10(random), kpp: `77${random.between(10, 51)}01001` }
}

const digits = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.between(0, 9))
const check = (numbers: readonly number[], weights: readonly number[]): number =>
  (weights.reduce((sum, weight, place) => sum + weight * (numbers[place] ?? 0), 0) % 11) % 10

/** Ten digits with a right check digit. */
function makeInn10(random: Random): string {
  const numbers = [7, 7, ...digits(random, 7)]
  return [...numbers, check(numbers, [2, 4, 10, 3, 5, 9, 4, 6, 8])].join('')
}

function makeInn12(random: Random): string {
  const numbers = [7, 7, ...digits(random, 8)]
  const eleven = [...numbers, check(numbers, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8])]
  return [...eleven, check(eleven, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])].join('')
}

const toLatin = (text: string): string => [...text.toLowerCase()].map((letter) => latin[letter] ?? letter).join('')

/** One number, as different people write it. */
function typePhone(random: Random, ten: string): string {
  const [a, b, c, d] = [ten.slice(0, 3), ten.slice(3, 6), ten.slice(6, 8), ten.slice(8, 10)]
  return random.pick([
    `8 (${a}) ${b}-${c}-${d}`,
    `+7 ${a} ${b}-${c}-${d}`,
    `+7${ten}`,
    `8${ten}`,
    `7${ten}`,
    `${ten}`,
    `+7 (${a}) ${b} ${c} ${d}`,
    `8-${a}-${b}-${c}-${d}`,
    `8.${a}.${b}.${c}.${d}`,
    ` +7(${a})${b}${c}${d} `,
  ])
}

function typeName(random: Random, { firstName, lastName, middleName }: Buyer): string {
  return random.pick([`${firstName} ${lastName}`, `${lastName} ${firstName}`, `${lastName} ${firstName} ${middleName}`, firstName])
}

function typeEmail(random: Random, email: string): string {
  return random.happens(0.25) ? email.charAt(0).toUpperCase() + email.slice(1).replace('@example', '@Example') : email
}

function fromAdvert(random: Random): Pick<OrderInput, 'utm' | 'touch'> {
  const [source, medium, campaign] = random.pick(campaigns)
  const last = {
    utm_source: source,
    utm_medium: medium,
    ...(campaign === '' ? {} : { utm_campaign: campaign }),
    landing: 'https://shop.example/',
  }
  const [firstSource, firstMedium] = random.pick(campaigns)
  const first = random.happens(0.5) ? last : { utm_source: firstSource, utm_medium: firstMedium, landing: 'https://shop.example/' }
  const utm = { utm_source: source, utm_medium: medium, ...(campaign === '' ? {} : { utm_campaign: campaign }) }
  return { touch: { first, last }, ...(random.happens(0.5) ? { utm } : {}) }
}
