// A server of tools whose tools become more, and which can be made to end.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

const server = new McpServer({ name: 'growing', version: '1.0.0' })
const says = text => ({ content: [{ type: 'text', text }] })
let leaves = 0

server.registerTool('grow', { description: 'Adds a tool', inputSchema: {} }, async () => {
  const leaf = `leaf_${++leaves}`
  server.registerTool(leaf, { description: 'A new tool', inputSchema: {} }, async () => says(leaf))
  return says('grown')
})
// As harmless as a server can call its own tool.
server.registerTool('process', { description: 'Says who it is', inputSchema: {}, annotations: { readOnlyHint: true, idempotentHint: true, destructiveHint: false, openWorldHint: false } }, async () => says(`${process.pid}`))
server.registerTool('die', { description: 'Ends the server', inputSchema: {} }, async () => process.exit(3))

await server.connect(new StdioServerTransport())
