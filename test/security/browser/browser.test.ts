import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ATTACKS, askWorker, callOpenly, fetchAsOwn, type Target, writeWorker } from './attacks.js'
import { CHROMIUM, describeInBrowser } from './describe-in-browser.js'
import { type PageServer, servePages } from './page-server.js'
import { startVisited, type Visited } from './start-visited.js'

/** A name of the attacker's, which leads to the peer by the time its page is there. */
const REBOUND = 'rebound.example'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
]

describeInBrowser('a web page in Chromium', () => {
  let registry: string
  let browser: Browser
  let peer: Visited
  let target: Target
  const servers: PageServer[] = []
  let friendly: PageServer
  let foreign: PageServer
  /** Has the peer's port, at another address of loopback. */
  let namesake: PageServer
  let page: Page

  const serve = async (...args: Parameters<typeof servePages>): Promise<PageServer> => {
    const server = await servePages(...args)
    servers.push(server)
    return server
  }

  /** The peer as a page calls it under this name. */
  const aim = (host: string): Target => ({
    call: `http://${host}:${peer.port}/netgen/v1/schema.greet`,
    health: `http://${host}:${peer.port}/netgen/v1/health`,
    session: `ws://${host}:${peer.port}/netgen/v1/session`,
    headers: peer.headers,
  })

  beforeAll(async () => {
    registry = await mkdtemp(join(tmpdir(), 'netgen-browser-'))
    friendly = await serve('127.0.0.1', 0)
    peer = await startVisited(registry, [friendly.origin])
    target = aim('127.0.0.1')
    foreign = await serve('127.0.0.1', 0, writeWorker(target))
    namesake = await serve('127.0.0.2', peer.port)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await Promise.all(servers.map((server) => server.close()))
    expect(await peer.close()).toBe(0)
    await rm(registry, { recursive: true })
  })
  // A context is a profile of its own, with nothing of the page before.
  beforeEach(async () => {
    await peer.takeVisits()
    page = await (await browser.newContext()).newPage()
  })
  afterEach(() => page.context().close())

  /** What has arrived, once it is as much as is expected. */
  async function expectVisits(requests: readonly string[], ran: readonly string[]): Promise<void> {
    const seen = { requests: [] as string[], ran: [] as string[] }
    await expect
      .poll(
        async () => {
          const visits = await peer.takeVisits()
          seen.requests.push(...visits.requests)
          seen.ran.push(...visits.ran)
          return seen.requests
        },
        { timeout: 5_000 },
      )
      .toEqual(requests)
    expect(seen.ran).toEqual(ran)
  }

  test.each(ATTACKS)('of a foreign origin has nothing run: %s', async (_, attack, learns, requests) => {
    await page.goto(foreign.origin)
    expect(await page.evaluate(attack, target)).toBe(learns)
    await expectVisits(requests, [])
  })

  test('under a name that was rebound to the peer has nothing run, and learns nothing', async () => {
    // Whatever stands in the document is of the origin that the attacker's page has, which came from there a moment ago.
    await page.goto(`http://${REBOUND}:${peer.port}/`)
    expect(await page.evaluate(fetchAsOwn, aim(REBOUND))).toBe('403 403 error')
    await expectVisits(['GET 403', 'POST 403', 'an upgrade'], [])
  })

  test.each(ATTACKS)(
    "on the peer's own port of another address has nothing run: %s",
    async (_, attack, learns, requests) => {
      await page.goto(namesake.origin)
      expect(await page.evaluate(attack, target)).toBe(learns)
      await expectVisits(requests, [])
    },
  )

  test('with a service worker has nothing run', async () => {
    await page.goto(foreign.origin)
    expect(await page.evaluate(askWorker)).toBe('TypeError opaque')
    await expectVisits(['OPTIONS 403', 'POST 403'], [])
  })

  test('of the configured origin calls, with the token, and reads what it is told', async () => {
    await page.goto(friendly.origin)
    const [called, refused, streamed] = (await page.evaluate(callOpenly, target)) as [unknown, unknown, unknown]
    expect(called).toEqual([200, '"hello"'])
    expect(refused).toBe(401)
    expect(streamed).toEqual([200, '{"item":0}\n{"item":1}\n{"end":true}\n'])
    await expectVisits(
      ['OPTIONS 204', 'POST 200', 'POST 401', 'OPTIONS 204', 'POST 200'],
      ['greet', 'count begins', 'count is done', 'count is closed'],
    )
  })

  test('of the configured origin needs CORS: what a page of any origin could send has nothing run', async () => {
    await page.goto(friendly.origin)
    const simple = ATTACKS.slice(0, 7)
    for (const [, attack, learns] of simple) expect(await page.evaluate(attack, target)).toBe(learns)
    const posts = Array.from({ length: 3 }, () => 'POST 415')
    await expectVisits([...posts, 'GET 403', 'GET 403', 'GET 403', 'GET 405', ...posts, 'POST 415'], [])
  })
})
