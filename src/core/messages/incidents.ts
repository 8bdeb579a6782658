import { bridgeIncidents } from './bridge.ts'
import { fill, type Language, type Params } from './language.ts'
import { renderReason } from './reasons.ts'

/** An incident in words: what it is, what happened, what to do about it. */
export interface IncidentText {
  title: string
  text: string
  fix: string
}

type Entry = Record<Language, IncidentText>

const entry = (ru: [string, string, string], en: [string, string, string]): Entry => ({
  ru: { title: ru[0], text: ru[1], fix: ru[2] },
  en: { title: en[0], text: en[1], fix: en[2] },
})

/** By incident code. Places in braces are the incident's params. */
const texts: Record<string, Entry> = {
  ...bridgeIncidents,
  'order-failed': entry(
    ['Заказ не доставлен', 'Заказ {order} не удалось передать в amoCRM: {reason}', 'Исправьте причину и повторите: amobridge queue retry'],
    [
      'Order not delivered',
      'Order {order} could not be brought to amoCRM: {reason}',
      'Mend the reason and try again: amobridge queue retry',
    ],
  ),
  'value-unfit': entry(
    [
      'Значение не подошло к полю',
      'Заказ {order}: значение для поля «{field}» не подходит к его типу ({reason}). Сделка создана, значение — в примечании.',
      'Поправьте правило {place} в настройках или варианты поля в amoCRM.',
    ],
    [
      'A value did not fit its field',
      'Order {order}: the value for the field "{field}" does not fit its type ({reason}). The deal is delivered, the value stands in its note.',
      'Mend the rule {place} in the settings, or the options of the field in amoCRM.',
    ],
  ),
  'field-refused': entry(
    [
      'amoCRM не приняла поле',
      'Заказ {order}: amoCRM отклонила поле «{field}» ({detail}). Сделка создана без него, значение — в примечании.',
      'Проверьте поле в amoCRM и правило {setting} в настройках.',
    ],
    [
      'amoCRM refused a field',
      'Order {order}: amoCRM refused the field "{field}" ({detail}). The deal is delivered without it, the value stands in its note.',
      'Check the field in amoCRM and {setting} in the settings.',
    ],
  ),
  'responsible-refused': entry(
    [
      'Ответственный не принят',
      'Заказ {order}: amoCRM не приняла ответственного ({detail}). Взят следующий из списка.',
      'Укажите действующего сотрудника в {setting}.',
    ],
    [
      'Responsible refused',
      'Order {order}: amoCRM refused the responsible user ({detail}). The next of the list was taken.',
      'Name an active user in {setting}.',
    ],
  ),
  'stage-refused': entry(
    [
      'Этап не принят',
      'Заказ {order}: amoCRM не приняла этап ({detail}). Сделка попала на первый этап основной воронки.',
      'Проверьте воронку и {setting} в настройках.',
    ],
    [
      'Stage refused',
      'Order {order}: amoCRM refused the stage ({detail}). The deal is in the first stage of the main pipeline.',
      'Check the pipeline and {setting} in the settings.',
    ],
  ),
  'price-refused': entry(
    [
      'Сумма не принята',
      'Заказ {order}: amoCRM не приняла сумму ({detail}). Она стоит в примечании.',
      'Проверьте сумму заказа в магазине.',
    ],
    ['Price refused', 'Order {order}: amoCRM refused the price ({detail}). It stands in the note.', "Check the order's total in the shop."],
  ),
  'tags-refused': entry(
    ['Теги не приняты', 'Заказ {order}: amoCRM не приняла теги ({detail}).', 'Проверьте {setting} в настройках.'],
    ['Tags refused', 'Order {order}: amoCRM refused the tags ({detail}).', 'Check {setting} in the settings.'],
  ),
  'price-unknown-currency': entry(
    [
      'Нет курса валюты',
      'Заказ {order} в валюте {currency}: курс не задан, сумма сделки пуста, полная сумма — в примечании.',
      'Задайте orders.currencies: {currency}: курс или skip.',
    ],
    [
      'No rate for the currency',
      'Order {order} is in {currency}: no rate is set, the price stays empty, the full sum stands in the note.',
      'Set a rate or skip for {currency} in orders.currencies.',
    ],
  ),
  'price-too-big': entry(
    ['Сумма слишком велика', 'Заказ {order}: сумма {total} не помещается в amoCRM.', 'Полная сумма — в примечании. Проверьте заказ.'],
    ['The sum is too big', 'Order {order}: the sum {total} does not fit amoCRM.', 'The full sum stands in the note. Check the order.'],
  ),
  'price-unreadable': entry(
    ['Сумма не читается', 'Заказ {order}: сумма «{total}» не похожа на число.', 'Проверьте заказ в магазине.'],
    ['The sum cannot be read', 'Order {order}: the sum "{total}" is no number.', 'Check the order in the shop.'],
  ),
  'two-contacts': entry(
    [
      'Телефон и e-mail — у разных контактов',
      'Заказ {order}: телефон у контакта {phoneContact}, e-mail у контакта {emailContact}. Сделка — у первого, контакты не изменены.',
      'Если это один человек, объедините контакты в amoCRM.',
    ],
    [
      'Phone and e-mail stand at two contacts',
      'Order {order}: contact {phoneContact} has the phone, contact {emailContact} the e-mail. The deal went to the first, neither was changed.',
      'If they are one person, merge the contacts in amoCRM.',
    ],
  ),
  'deal-maybe-in-bin': entry(
    [
      'Возможно, сделка в корзине',
      'Заказ {order}: ответ amoCRM потерялся, среди сделок его нет, и сделка создана заново. В корзине есть сделки того же времени: {deals}.',
      'Если в корзине была сделка этого заказа и она не нужна, удалите и новую.',
    ],
    [
      'The deal may be in the bin',
      "Order {order}: an answer of amoCRM was lost, no deal has the order's key, and a new one was made. The bin holds deals of the same time: {deals}.",
      'If one of them was made for this order and deleted on purpose, delete the new one too.',
    ],
  ),
  'duplicate-control': entry(
    [
      'Включён контроль дублей',
      'amoCRM объединила новый заказ {order} со сделкой {deal}. Заказ получает свою сделку, сделка {deal} возвращается к тому, что говорит её заказ.',
      'Выключите контроль дублей для этой интеграции: amoCRM → Сделки → Настроить воронку → Контроль дублей. Если сделка {deal} не из магазина, проверьте её поля.',
    ],
    [
      'Duplicate control is on',
      'amoCRM put the new order {order} into deal {deal}. The order gets a deal of its own, and deal {deal} goes back to what its order says.',
      "Switch duplicate control off for this integration: amoCRM, Leads, pipeline settings, Duplicate control. If deal {deal} is not the shop's, look at its fields.",
    ],
  ),
  'stage-other-pipeline': entry(
    [
      'Сделка в другой воронке',
      'Заказ {order}: сделку {deal} перенесли в воронку «{pipeline}»; статус заказа туда не переносится.',
      'Поставьте этап вручную или верните сделку.',
    ],
    [
      'The deal is in another pipeline',
      'Order {order}: a person moved deal {deal} to the pipeline "{pipeline}"; the order\'s status has no stage there.',
      'Set the stage by hand, or move the deal back.',
    ],
  ),
  'deal-gone': entry(
    [
      'Сделка удалена',
      'Сделку {deal} заказа {order} удалили или объединили в amoCRM. Новая не создаётся: решение человека в силе.',
      'Чтобы создать сделку заново: amobridge queue retry после восстановления, либо восстановите её из корзины.',
    ],
    [
      'The deal is gone',
      "Deal {deal} of order {order} was deleted or merged in amoCRM. It is not made again: a person's decision stands.",
      'To have it again, restore it from the bin in amoCRM.',
    ],
  ),
  'deals-with-one-marker': entry(
    ['Две сделки одного заказа', 'Заказ {order}: кроме сделки {deal} найдены {others} с тем же ключом.', 'Удалите лишние сделки в amoCRM.'],
    [
      'Two deals of one order',
      'Order {order}: beside deal {deal} there are {others} with the same key.',
      'Delete the superfluous deals in amoCRM.',
    ],
  ),
  'account-unauthorised': entry(
    [
      'amoCRM не принимает токен',
      'amoCRM ответила 401: {reason}. Всё принимается и ждёт.',
      'Дайте действующий токен в настройках и выполните amobridge apply.',
    ],
    [
      'amoCRM refuses the token',
      'amoCRM answered 401: {reason}. Everything is accepted and waits.',
      'Give a valid token in the settings and run amobridge apply.',
    ],
  ),
  'account-unpaid': entry(
    ['amoCRM не оплачена', 'amoCRM ответила 402: {reason}. Всё принимается и ждёт; проверяем каждый час.', 'Оплатите подписку amoCRM.'],
    [
      'amoCRM is not paid',
      'amoCRM answered 402: {reason}. Everything is accepted and waits; it is asked again each hour.',
      'Pay the amoCRM subscription.',
    ],
  ),
  'account-banned': entry(
    [
      'amoCRM закрыла доступ',
      'amoCRM отвечает страницей 403: {reason}. Запросы остановлены.',
      'Обратитесь в поддержку amoCRM, затем amobridge resume.',
    ],
    [
      'amoCRM closed the access',
      'amoCRM answers with a 403 page: {reason}. No requests are sent.',
      'Ask amoCRM support, then amobridge resume.',
    ],
  ),
  'account-unreachable': entry(
    ['amoCRM недоступна', 'amoCRM не отвечает: {reason}. Всё принимается и ждёт.', 'Подождите или проверьте сеть сервера.'],
    [
      'amoCRM cannot be reached',
      'amoCRM does not answer: {reason}. Everything is accepted and waits.',
      "Wait, or check the server's network.",
    ],
  ),
  'settings-problem': entry(
    ['Настройки не подходят к аккаунту', '{place}: {reason}', 'Исправьте файл настроек и выполните amobridge apply.'],
    ['The settings do not fit the account', '{place}: {reason}', 'Mend the settings file and run amobridge apply.'],
  ),
  installation: entry(
    [
      'Обмен от другой копии магазина',
      'События пришли от установки {installation} ({host}), а подключение связано с другой. Они не приняты.',
      'Если магазин переехал, подтвердите это в его модуле или свяжите заново.',
    ],
    [
      'An exchange from another copy of the shop',
      'Events came from installation {installation} ({host}), yet the connection is bound to another. They were not accepted.',
      "If the shop has moved, confirm it in the shop's module, or pair anew.",
    ],
  ),
  'new-epoch': entry(
    [
      'Магазин восстановлен из копии',
      'Модуль начал новый счёт изменений ({epoch}): базу магазина, похоже, откатили.',
      'Сверьте последние заказы с amoCRM.',
    ],
    [
      'The shop was restored',
      "The module began a new count of changes ({epoch}): the shop's database seems to have been restored.",
      'Compare the newest orders with amoCRM.',
    ],
  ),
  'order-unreadable': entry(
    ['Заказ не читается', 'Магазин не смог прочитать заказ {order}: {message}', 'Откройте заказ в админке магазина и сохраните его.'],
    [
      'An order cannot be read',
      'The shop could not read order {order}: {message}',
      "Open the order in the shop's admin section and save it.",
    ],
  ),
  'command-failed': entry(
    ['Магазин не выполнил команду', 'Команда {type} для заказа {order}: {message}', 'Проверьте заказ в магазине и права модуля.'],
    ['The shop refused a command', 'Command {type} for order {order}: {message}', "Check the order in the shop and the module's rights."],
  ),
}

/** An unknown code still says something: its own name and its facts. */
export function renderIncident(code: string, params: Params, language: Language): IncidentText {
  const found = Object.hasOwn(texts, code) ? texts[code]?.[language] : undefined
  if (found === undefined) return { title: code, text: JSON.stringify(params), fix: '' }
  const said = typeof params.reason === 'string' ? { ...params, reason: renderReason(params.reason, language) } : params
  return { title: fill(found.title, said), text: fill(found.text, said), fix: fill(found.fix, said) }
}
