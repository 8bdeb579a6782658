#!/usr/bin/env node
'use strict'
// The command line as `npx amobridge` finds it: runs under a Node.js that can, whatever Node.js npm happens to have.

const fs = require('node:fs')
const path = require('node:path')
const { findNode, root, run, smallHeap, stop } = require('./launch.cjs')

const main = path.join(root, 'dist', 'src', 'main.js')
if (!fs.existsSync(main)) stop('not built yet: npm run build')
run(findNode(), [...smallHeap, main, ...process.argv.slice(2)], process.cwd()).then((code) => process.exit(code ?? 1))
