#!/usr/bin/env node
'use strict'
// Starts every npm script. Plain old JavaScript on purpose: it must run under whatever Node a machine happens to have.
// It brings Node.js >= 24.15 and the dependencies where they are missing, says so in one line each, and goes on.

const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const root = path.resolve(__dirname, '..')
const wantedNode = '24.21.0'
const leastNode = [24, 15]

const say = (text) => process.stderr.write(`amobridge: ${text}\n`)
const stop = (text) => {
  say(text)
  process.exit(1)
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
}

/** Path of a node binary that can run us: this one, or one installed from npm into the git-ignored folder `.node/`. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const onWindows = process.platform === 'win32'
  const own = path.join(root, '.node', onWindows ? 'node.exe' : 'bin/node')
  if (fs.existsSync(own)) return own
  const platform = onWindows ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  say(`Node.js ${process.versions.node} is older than ${leastNode.join('.')}: installing ${name}@${wantedNode} into .node/ (once)`)
  npm(process.execPath, ['install', '--global', '--prefix', path.join(root, '.node'), `${name}@${wantedNode}`], 'install')
  if (!fs.existsSync(own))
    stop(`${name} gave no ${path.relative(root, own)}. Install Node.js ${leastNode.join('.')} or newer yourself and run this again.`)
  return own
}

/** Runs the npm that started us under the given Node: an old Node would make npm silently pick older packages. */
function npm(node, args, purpose) {
  const cli = process.env.npm_execpath
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--update-notifier=false']
  const result = cli?.endsWith('.js')
    ? spawnSync(node, [cli, ...args, ...quiet], { cwd: root, stdio: ['ignore', 2, 2], env: envWith(node) })
    : spawnSync('npm', [...args, ...quiet], { cwd: root, stdio: ['ignore', 2, 2], env: envWith(node), shell: process.platform === 'win32' })
  if (result.status !== 0) stop(`npm ${purpose} failed (see above). Is the npm registry reachable from this machine?`)
}

function envWith(node) {
  return { ...process.env, PATH: path.dirname(node) + path.delimiter + (process.env.PATH || ''), AMOBRIDGE_LAUNCHED: '1' }
}

/** Installs exactly the locked dependencies, once per lockfile. */
function ensureDependencies(node) {
  const lock = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = path.join(root, 'node_modules', '.amobridge-lock')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return
  say('installing the dependencies named in package-lock.json into node_modules/ (once)')
  npm(node, ['ci'], 'ci')
  fs.writeFileSync(stamp, lock)
}

function run(node, args, cwd = root) {
  const child = require('node:child_process').spawn(node, args, { cwd, stdio: 'inherit', env: envWith(node) })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ? 128 : code)))
}

const bin = (name) => path.join('node_modules', ...name.split('/'))
const biome = bin('@biomejs/biome/bin/biome')
const tsc = bin('typescript/bin/tsc')
const build = [tsc, '-p', 'tsconfig.build.json']

/** A third less memory for a tenth more processor time: the young generation of the heap stays small. */
const smallHeap = ['--max-semi-space-size=2']

/** What each npm script runs once Node and the dependencies are there: steps in order, the first failure ends it. */
const scripts = {
  build: [build],
  start: [build, [...smallHeap, 'dist/src/main.js', 'serve']],
  demo: [build, ['dist/src/main.js', 'demo']],
  bench: [build, ['bench/main.ts']],
  faults: [build, ['bench/faults.ts']],
  format: [[biome, 'check', '--write', '.']],
  lint: [[biome, 'check', '.'], [tsc, '--noEmit'], [bin('knip/bin/knip.js')]],
  check: [[biome, 'check', '.'], [tsc, '--noEmit'], [bin('knip/bin/knip.js')]],
  test: [['scripts/test.mjs']],
}

async function main() {
  const [name, ...rest] = process.argv.slice(2)
  const steps = scripts[name]
  if (!steps) stop(`unknown script "${name}"; there are: ${Object.keys(scripts).join(', ')}`)
  process.chdir(root)
  const node = findNode()
  ensureDependencies(node)
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1
    const code = await run(node, last ? [...step, ...rest] : step)
    if (code !== 0) process.exit(code ?? 1)
  }
}

module.exports = { findNode, root, run, smallHeap, stop }

if (require.main === module) main()
