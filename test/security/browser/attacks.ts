/// <reference lib="dom" />
/** What a page is after: a call of the peer, and what would open it. Pages are given it as it stands. */
export interface Target {
  readonly call: string
  readonly health: string
  readonly session: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a page does to have a peer run something. It runs in the page, answers with what the page learns, and knows nothing around it. */
export type Attack = (target: Target) => Promise<string>

/** The pages that attack from an origin of their own, each with what has to arrive at the peer, and how that is answered. */
export const ATTACKS: readonly (readonly [
  name: string,
  attack: Attack,
  learns: string,
  requests: readonly string[],
])[] = [
  ['a form', submitForms, 'sent', ['POST 403', 'POST 403', 'POST 403']],
  ['an image', loadImage, 'error', ['GET 403']],
  ['a script', loadScript, 'error', ['GET 403']],
  ['an iframe', loadFrame, 'nothing', ['GET 403']],
  ['an EventSource', openEventSource, 'error', ['GET 403']],
  ['a beacon', sendBeacons, 'sent', ['POST 403', 'POST 403', 'POST 403']],
  ['a fetch without CORS', fetchOpaque, 'opaque', ['POST 403']],
  ['a fetch with CORS', fetchOpenly, 'TypeError', ['OPTIONS 403']],
  ['a WebSocket', openWebSocket, 'error', ['an upgrade']],
]

async function submitForms({ call }: Target): Promise<string> {
  for (const [index, enctype] of ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'].entries()) {
    const frame = document.createElement('iframe')
    frame.name = `frame${index}`
    document.body.append(frame)
    const form = document.body.appendChild(document.createElement('form'))
    Object.assign(form, { action: call, method: 'POST', enctype, target: frame.name })
    const field = form.appendChild(document.createElement('input'))
    Object.assign(field, { name: '{"a":"', value: '"}' })
    form.submit()
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  }
  return 'sent'
}

async function loadImage({ call }: Target): Promise<string> {
  const image = new Image()
  image.src = call
  return new Promise((resolve) => {
    image.onload = () => resolve('load')
    image.onerror = () => resolve('error')
  })
}

async function loadScript({ call }: Target): Promise<string> {
  const script = document.createElement('script')
  script.src = call
  const seen = new Promise<string>((resolve) => {
    script.onload = () => resolve('load')
    script.onerror = () => resolve('error')
  })
  document.head.append(script)
  return seen
}

async function loadFrame({ call }: Target): Promise<string> {
  const frame = document.createElement('iframe')
  frame.src = call
  document.body.append(frame)
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  return frame.contentDocument === null ? 'nothing' : 'the document'
}

async function openEventSource({ call }: Target): Promise<string> {
  const source = new EventSource(call)
  return new Promise((resolve) => {
    source.onopen = () => resolve('open')
    source.onerror = () => {
      source.close()
      resolve('error')
    }
  })
}

async function sendBeacons({ call }: Target): Promise<string> {
  for (const type of ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded']) {
    navigator.sendBeacon(call, new Blob(['{}'], { type }))
  }
  return 'sent'
}

async function fetchOpaque({ call, headers }: Target): Promise<string> {
  const init = {
    method: 'POST',
    mode: 'no-cors',
    headers: { ...headers, 'content-type': 'text/plain' },
    body: '{}',
  } as const
  return (await fetch(call, init)).type
}

async function fetchOpenly({ call, headers }: Target): Promise<string> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' }
  return fetch(call, init).then(
    ({ status }) => String(status),
    (error: Error) => error.name,
  )
}

async function openWebSocket({ session }: Target): Promise<string> {
  const socket = new WebSocket(session, ['netgen.v1'])
  return new Promise((resolve) => {
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('error')
  })
}

/** From a page whose own origin is the peer's address, under a name that was the attacker's a moment ago. */
export async function fetchAsOwn({ call, health, session, headers }: Target): Promise<string> {
  const json = { ...headers, 'content-type': 'application/json' }
  const asked = await fetch(health)
  const called = await fetch(call, { method: 'POST', headers: json, body: '{}' })
  const opened = new Promise<string>((resolve) => {
    const socket = new WebSocket(session, ['netgen.v1'])
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('error')
  })
  return `${asked.status} ${called.status} ${await opened}`
}

/** What stands in a service worker: it sees every request of its pages, and goes on after them. */
export function writeWorker({ call, headers }: Target): string {
  const json = JSON.stringify({ ...headers, 'content-type': 'application/json' })
  return `
    addEventListener('install', (event) => event.waitUntil(skipWaiting()))
    addEventListener('activate', (event) => event.waitUntil(clients.claim()))
    addEventListener('fetch', (event) => {
      if (!event.request.url.endsWith('/through')) return
      const call = ${JSON.stringify(call)}
      const openly = fetch(call, { method: 'POST', headers: ${json}, body: '{}' }).then(() => 'read', (error) => error.name)
      const hidden = fetch(call, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{}' }).then(({ type }) => type)
      event.respondWith(Promise.all([openly, hidden]).then((seen) => new Response(seen.join(' '))))
    })`
}

/** Has the service worker of the page's origin call. */
export async function askWorker(): Promise<string> {
  await navigator.serviceWorker.register('/worker.js')
  await navigator.serviceWorker.ready
  if (navigator.serviceWorker.controller === null) {
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    )
  }
  return (await fetch('/through')).text()
}

/** What a page of a configured origin does: a call, one without the token, and a stream. */
export async function callOpenly({ call, headers }: Target): Promise<unknown[]> {
  const type = { 'content-type': 'application/json' }
  const read = async (url: string, sent: Record<string, string>, body: string): Promise<unknown[]> => {
    const answer = await fetch(url, { method: 'POST', headers: { ...type, ...sent }, body })
    return [answer.status, await answer.text()]
  }
  return [
    await read(call, headers, 'null'),
    (await read(call, {}, 'null'))[0],
    await read(call.replace('schema.greet', 'streams.count'), headers, '{"many":2}'),
  ]
}
