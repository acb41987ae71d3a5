type Parts = typeof import('../../../dist/runtime/peer/create-peer.js') &
  typeof import('../../../dist/runtime/peer/environment.js') &
  typeof import('../../../dist/runtime/peer/peer-options.js') &
  typeof import('../../../dist/runtime/discovery/local/local-provider.js') &
  typeof import('../../../dist/runtime/discovery/local/registry-folder.js') &
  typeof import('../../../dist/runtime/discovery/local/shared-secret.js') &
  typeof import('../../../dist/runtime/transport/http/http-transport.js') &
  typeof import('../../../dist/runtime/transport/http/trust.js')

const MODULES = [
  'peer/create-peer.js',
  'peer/environment.js',
  'peer/peer-options.js',
  'discovery/local/local-provider.js',
  'discovery/local/registry-folder.js',
  'discovery/local/shared-secret.js',
  'transport/http/http-transport.js',
  'transport/http/trust.js',
]

/** The parts of a peer, which the package does not export: to make one whose calls go over HTTP. */
export async function importNetgen(): Promise<Parts> {
  const root = import.meta.resolve('netgen/package.json')
  const modules = await Promise.all(MODULES.map((path) => import(new URL(`dist/runtime/${path}`, root).href)))
  return Object.assign({}, ...modules) as Parts
}
