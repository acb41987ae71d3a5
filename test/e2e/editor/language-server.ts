import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A place in a file; line and column from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What an editor asks. */
export interface LanguageServer {
  /** Where go-to-definition leads: to several places, an editor shows a list. */
  findDefinitions(place: Place): Promise<readonly Place[]>
  /** What stands in the hover: the declaration and the documentation. */
  hover(place: Place): Promise<string>
  close(): Promise<void>
}

/**
 * Starts the tsserver of a TypeScript before 7.
 *
 * @param script Its path, absolute.
 */
export function startTsserver(script: string): LanguageServer {
  const child = spawn(process.execPath, [script, '--disableAutomaticTypingAcquisition'])
  const wire = createWire(child)
  const opened = new Set<string>()
  let seq = 0
  const ask = async (command: string, { file, line, column }: Place): Promise<unknown> => {
    if (!opened.has(file))
      wire.send(`${JSON.stringify({ seq: ++seq, type: 'request', command: 'open', arguments: { file } })}\n`)
    opened.add(file)
    const id = ++seq
    wire.send(`${JSON.stringify({ seq: id, type: 'request', command, arguments: { file, line, offset: column } })}\n`)
    const answer = await wire.receive((message) => message['request_seq'] === id && message['type'] === 'response')
    return answer['body']
  }
  return {
    findDefinitions: async (place) => {
      const { definitions } = (await ask('definitionAndBoundSpan', place)) as TsserverDefinitions
      return definitions.map(({ file, start: { line, offset } }) => ({ file, line, column: offset }))
    },
    hover: async (place) => {
      const { displayString, documentation, tags } = (await ask('quickinfo', place)) as TsserverHover
      return [displayString, documentation, ...tags.map(({ name, text = '' }) => `@${name} ${text}`.trim())].join('\n')
    },
    close: () => wire.close(),
  }
}

interface TsserverDefinitions {
  readonly definitions: readonly {
    readonly file: string
    readonly start: { readonly line: number; readonly offset: number }
  }[]
}

interface TsserverHover {
  readonly displayString: string
  readonly documentation: string
  readonly tags: readonly { readonly name: string; readonly text?: string }[]
}

/**
 * Starts the language server of TypeScript 7.
 *
 * @param script The path of its `tsc`, absolute.
 * @param folder The folder that the editor has open.
 */
export function startLanguageServer(script: string, folder: string): LanguageServer {
  const child = spawn(process.execPath, [script, '--lsp', '--stdio'])
  const wire = createWire(child)
  const opened = new Set<string>()
  let lastId = 0
  const write = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    wire.send(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  wire.answerRequests((id) => write({ id, result: null }))
  const request = async (method: string, params: object): Promise<unknown> => {
    const id = ++lastId
    write({ id, method, params })
    const answer = await wire.receive((message) => message['id'] === id && message['method'] === undefined)
    if (answer['error'] !== undefined) throw new Error(JSON.stringify(answer['error']))
    return answer['result']
  }
  const ready = request('initialize', {
    processId: process.pid,
    rootUri: String(pathToFileURL(folder)),
    capabilities: {},
  }).then(() => write({ method: 'initialized', params: {} }))
  const ask = async (method: string, { file, line, column }: Place): Promise<unknown> => {
    await ready
    const uri = String(pathToFileURL(file))
    if (!opened.has(file)) {
      const text = readFileSync(file, 'utf8')
      write({
        method: 'textDocument/didOpen',
        params: { textDocument: { uri, languageId: 'typescript', version: 1, text } },
      })
    }
    opened.add(file)
    return request(method, { textDocument: { uri }, position: { line: line - 1, character: column - 1 } })
  }
  return {
    findDefinitions: async (place) => {
      const locations = (await ask('textDocument/definition', place)) as readonly LspLocation[]
      return locations.map(({ uri, range: { start } }) => {
        return { file: fileURLToPath(uri), line: start.line + 1, column: start.character + 1 }
      })
    },
    hover: async (place) => {
      const { contents } = (await ask('textDocument/hover', place)) as { contents: { value: string } }
      return contents.value
    },
    close: () => wire.close(),
  }
}

interface LspLocation {
  readonly uri: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

type Message = Readonly<Record<string, unknown>>

interface Wire {
  send(text: string): void
  /** Resolves with the first message from now on that is the one. */
  receive(isIt: (message: Message) => boolean): Promise<Message>
  /** Calls back for each request of the server's own, with its id. */
  answerRequests(answer: (id: unknown) => void): void
  close(): Promise<void>
}

/** Both protocols frame a JSON document by a header and an empty line; tsserver ends it with a line end besides. */
function createWire(child: ChildProcessWithoutNullStreams): Wire {
  const waiting = new Set<(message: Message) => void>()
  let rest = Buffer.alloc(0)
  child.stderr.resume()
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const start = rest.indexOf('\r\n\r\n') + 4
      const length = Number(/Content-Length: (\d+)/.exec(rest.subarray(0, start).toString())?.[1] ?? Number.NaN)
      if (start === 3 || rest.length < start + length) return
      const message = JSON.parse(rest.subarray(start, start + length).toString()) as Message
      rest = rest.subarray(start + length)
      for (const listener of [...waiting]) listener(message)
    }
  })
  return {
    send: (text) => void child.stdin.write(text),
    receive: (isIt) =>
      new Promise((resolve) => {
        const listener = (message: Message): void => {
          if (!isIt(message)) return
          waiting.delete(listener)
          resolve(message)
        }
        waiting.add(listener)
      }),
    answerRequests: (answer) =>
      void waiting.add(({ id, method }) => {
        if (id !== undefined && method !== undefined) answer(id)
      }),
    close: async () => {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}
