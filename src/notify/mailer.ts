import { createTransport } from 'nodemailer'
import { type Mailer, NoticeError } from '../ports/notices.ts'

const timeoutMs = 20_000

export interface MailerOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; TLS is used wherever the server offers it. */
  smtpUrl: string
  from: string
}

/** Mail by SMTP. One connection per mail: mails are rare. */
export function createMailer({ smtpUrl, from }: MailerOptions): Mailer {
  return {
    async send({ to, subject, text, id }, signal) {
      signal.throwIfAborted()
      const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
      const transport = createTransport({ url: smtpUrl, ...timeouts, disableFileAccess: true, disableUrlAccess: true }, { from })
      const giveUp = () => transport.close()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        // A repeat after a crash has the same Message-ID: mail programs show it once.
        await transport.sendMail({ to, subject, text, messageId: `<${id}@amobridge>`, headers: { 'auto-submitted': 'auto-generated' } })
      } catch (cause) {
        signal.throwIfAborted()
        throw new NoticeError(`the mail server did not take the mail: ${reasonOf(cause)}`, { cause })
      } finally {
        signal.removeEventListener('abort', giveUp)
        transport.close()
      }
    },
  }
}

/** The server's code and its number: what it says in words often repeats addresses. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = Object(error) as { code?: unknown; responseCode?: unknown }
  return [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') || 'no reason given'
}
