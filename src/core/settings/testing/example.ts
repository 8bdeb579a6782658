/** A file that uses the whole vocabulary. */
export const exampleFile = `version: 1
connections:
  - name: shop-1                                  # a-z 0-9 -, unique
    shopKey: kqzvma
    shop:
      endpoint: https://shop.example/bitrix/tools/amobridge.shop/exchange.php
      secret: env:SHOP_1_SECRET
    amocrm:
      domain: example.amocrm.ru
      token: env:AMO_TOKEN
      requestsPerSecond: 6
      webhooks: true
      pollSeconds: 60
    orders:
      enabled: true
      since: 2026-11-23T00:00:00+03:00
      pipeline: 7000001
      name: "Order #{{order.number}}"
      stages:   { N: 60000002, P: 60000003, F: 142, cancelled: 143, paid: 60000004, deleted: 143 }
      statuses: { "7000001:60000003": P, "7000001:142": F, "7000001:143": cancelled }
      conflict: newest
      lossReason: { cancelled: "Отказ клиента" }
      responsible: { rule: fixed, users: [9000002] }
      notifyBuyer: { enabled: true, maxOrderAgeDays: 60, settleSeconds: 0 }
      reuseOpenDeal: { enabled: false, withinDays: 7, pipelines: [] }
      tags: ["Сайт"]
      lines: note
      currencies: { USD: 92.5, EUR: skip }
      fields:
        - { from: order.properties.UTM_SOURCE, to: UTM_SOURCE }
        - { from: "order.payments[0].system", to: 500002, transform: [trim], owner: shop }
      rules:
        - { when: { site: [s2], personType: ["2"], minTotal: 1 }, pipeline: 7000002, tags: ["Опт"] }
        - { when: { property: { TEST: "Y" } }, skip: true }
    forms:
      since: 2026-11-23T00:00:00+03:00
      rules:
        - { form: "*", source: webform, target: unsorted, pipeline: 7000001, name: "{{form.name}}", fields: [ { from: answers.PHONE, to: contact.phone } ] }
    contacts: { direction: both, name: fill-if-empty, phone: add, email: add, updateShopUser: false, stopList: ["+74950000000", "*@shop.example"] }
    catalog: { enabled: true, catalog: Товары, schedule: "0 4 * * *", timeZone: Europe/Moscow, priceType: BASE }
    notify: { email: [owner@example.test], telegram: { botToken: env:TG, chatId: "1" }, webhook: { url: "https://hooks.example/a", secret: "env:HOOK" } }
    privacy: { retentionDays: 365 }
`
