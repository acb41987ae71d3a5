import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate and its key, as PEM texts. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Signs certificates that hold for a day, by openssl. */
export class Authority implements Certificate {
  readonly cert: string
  readonly key: string
  readonly #folder: string
  #made = 0

  private constructor(folder: string, cert: string, key: string) {
    this.#folder = folder
    this.cert = cert
    this.key = key
  }

  static async create(name: string): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), 'netgen-authority-'))
    const [keyPath, certPath] = [join(folder, 'ca.key'), join(folder, 'ca.pem')]
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${name}`, '-keyout', keyPath, '-out', certPath],
    ])
    return new Authority(folder, await readFile(certPath, 'utf8'), await readFile(keyPath, 'utf8'))
  }

  /** For names such as `IP:127.0.0.1` and `DNS:notes.example`. */
  async issue(names: readonly string[]): Promise<Certificate> {
    const serial = String(++this.#made)
    const path = join(this.#folder, serial)
    await run('openssl', [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-subj', '/CN=peer', '-keyout', `${path}.key`, '-out', `${path}.csr`],
    ])
    await writeFile(`${path}.ext`, `subjectAltName=${names.join(',')}\n`)
    await run('openssl', [
      ...[
        'x509',
        '-req',
        '-in',
        `${path}.csr`,
        '-CA',
        join(this.#folder, 'ca.pem'),
        '-CAkey',
        join(this.#folder, 'ca.key'),
      ],
      ...['-set_serial', serial, '-days', '1', '-extfile', `${path}.ext`, '-out', `${path}.pem`],
    ])
    return { cert: await readFile(`${path}.pem`, 'utf8'), key: await readFile(`${path}.key`, 'utf8') }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }
}
