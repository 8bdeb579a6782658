/** The one account the page looks at; chosen by the person, the first by default. */
const query = (params) => new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined))

/** undefined: it is gone. */
export async function read(name, params) {
  const response = await fetch(`/_board/${name}?${query(params)}`)
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(String(response.status))
  return response.json()
}

/** What a person does; the emulator takes it for Мария's work. Throws with the reason. */
export async function act(verb, body) {
  const response = await fetch(`/_control/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { ok, error } = await response.json()
  if (!ok) throw new Error(error)
}
