/** A Messages API in a process of its own that sends small events for ever, faster than they can be read; prints its port. */
import { createServer } from 'node:http';

const EVENTS = 'event: x\ndata: {"type":"x"}\n\n'.repeat(2_500);

createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    response.setMaxListeners(0).writeHead(200, { 'content-type': 'text/event-stream' });
    while (!response.destroyed) {
      if (response.write(EVENTS)) continue;
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    }
  });
}).listen(0, '127.0.0.1', function ready() {
  process.stdout.write(`${this.address().port}\n`);
});
