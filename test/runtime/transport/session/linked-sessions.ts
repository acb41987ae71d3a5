import { createHello } from '../../../../runtime/transport/session/hello.js'
import type { Closing, Link, LinkListener } from '../../../../runtime/transport/session/link.js'
import { Session } from '../../../../runtime/transport/session/session.js'
import type { SessionOptions } from '../../../../runtime/transport/session/session-options.js'
import { Turns } from '../../../../runtime/transport/session/turns.js'
import type { SharedLines } from '../../../../runtime/wire/shared-lines.js'
import { noEvents } from './no-events.js'

/** One end of a link whose other end is in the same process too. What is sent arrives later, in order. */
class HalfLink implements Link {
  readonly bufferedBytes = 0
  other: HalfLink | undefined
  listener: LinkListener | undefined

  listen(listener: LinkListener): void {
    this.listener = listener
  }

  send(frame: string, onSent?: () => void): void {
    setImmediate(() => {
      this.other?.listener?.onFrame(frame)
      onSent?.()
    })
  }

  onceDrained(listener: () => void): void {
    setImmediate(listener)
  }

  sendShared({ text }: SharedLines): void {
    this.send(text)
  }

  pause(): void {}
  resume(): void {}

  close(code: number, reason: string): void {
    this.#end({ code, reason, by: 'there' })
  }

  terminate(): void {
    this.#end({ code: 1006, reason: '', by: 'there' })
  }

  #end(closing: Closing): void {
    setImmediate(() => this.other?.listener?.onClose(closing))
  }
}

/** Two sessions with each other. */
export interface LinkedSessions {
  readonly caller: Session
  readonly callee: Session
}

/** Links two peers: the answerer is the callee's. */
export function linkSessions(answerer: SessionOptions['answerer']): LinkedSessions {
  const links = [new HalfLink(), new HalfLink()] as const
  links[0].other = links[1]
  links[1].other = links[0]
  const create = (id: string, link: Link, role: 'dialer' | 'acceptor'): Session =>
    new Session({
      link,
      role,
      hello: createHello({ id, group: 'notes', hub: false, host: '127.0.0.1', port: 3010 }, []),
      events: noEvents,
      turns: new Turns(),
      answerer,
      onOpen: () => {},
      onEnd: () => {},
    })
  return { caller: create('caller', links[0], 'dialer'), callee: create('callee', links[1], 'acceptor') }
}
