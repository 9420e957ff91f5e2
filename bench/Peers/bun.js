// uWebSockets' own publish/subscribe, as Bun ships it: the fastest relay that one line gets you. No sign-in, no order, no storage: a message
// is lost to whoever is away. The room is the path. Fair to it: nothing is parsed, nothing compressed, no pings, and its sender gets the
// message as every member does in all systems compared. Usage: bun bun.js; it takes a free port and says which.
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, server) {
    return server.upgrade(request, { data: { room: new URL(request.url).pathname } }) ? undefined : new Response('This is a WebSocket server.')
  },
  websocket: {
    open(ws) {
      ws.subscribe(ws.data.room)
    },
    message(ws, message) {
      ws.publish(ws.data.room, message)
      ws.send(message)
    },
    perMessageDeflate: false,
    idleTimeout: 0,
    sendPings: false,
  },
})
console.log(`listening on ${server.port}`)
