/** Names of secrets that belong to a connection, as the settings file places them. */
export const webhookSecretName = 'notify.webhook.secret'
const telegramTokenName = 'notify.telegram.botToken'
const clientSecretName = 'amocrm.oauth.clientSecret'

/** All of them; the shop's secret and amoCRM's token are kept elsewhere, because they change by themselves. */
export const keptSecretNames = [webhookSecretName, telegramTokenName, clientSecretName] as const
export type KeptSecretName = (typeof keptSecretNames)[number]
