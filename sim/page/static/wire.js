// The socket. Asks go by channel: on each one is under way, and the newest waits for it.

const AGAIN = 1000; // milliseconds until the next try to connect

/** An answer from its bytes: header, then arrays with their shapes. */
export function unpacked(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const arrays = {};
  let at = 8 + length;
  for (const [name, shape] of header.arrays) {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { shape, values: new Float64Array(buffer, at, size) };
    at += 8 * size;
  }
  return { ...header, arrays };
}

/**
 * `send(channel, content, onAnswer)`: the answer to an ask goes to its `onAnswer`,
 * a refusal or a broken connection to `onTrouble(text)`.
 */
export function connect(onTrouble) {
  const channels = new Map(); // by name: { busy, next, latest }
  const asked = new Map(); // number: [channel, ask]
  let socket = null;
  let number = 0;

  function push(channel) {
    if (channel.busy || channel.next === null || socket?.readyState !== WebSocket.OPEN) return;
    channel.busy = true;
    number += 1;
    asked.set(number, [channel, channel.next]);
    socket.send(JSON.stringify({ n: number, ...channel.next.content }));
    channel.next = null;
  }

  function open() {
    socket = new WebSocket(`ws://${location.host}/ask`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      asked.clear();
      for (const channel of channels.values()) {
        if (channel.busy) channel.next ??= channel.latest; // under way when the connection broke
        channel.busy = false;
        push(channel);
      }
    };
    socket.onmessage = ({ data }) => {
      const found = typeof data === 'string' ? JSON.parse(data) : unpacked(data);
      const [channel, ask] = asked.get(found.n) ?? [];
      if (!channel) return;
      asked.delete(found.n);
      channel.busy = false;
      push(channel); // the server computes while we draw
      if (!found.error) ask.onAnswer(found); // also where a newer ask waits: a drag shows its way
      else if (ask === channel.latest) onTrouble(found.error);
    };
    socket.onclose = () => {
      onTrouble('Not connected. Is narrate serve still running?');
      setTimeout(open, AGAIN);
    };
  }

  open();
  return (name, content, onAnswer) => {
    if (!channels.has(name)) channels.set(name, { busy: false, next: null, latest: null });
    const channel = channels.get(name);
    channel.next = channel.latest = { content, onAnswer };
    push(channel);
  };
}
