// Does one thing with OpenAI's own client, and prints what a program would see: node client.mjs <address> <token> <model> <what>
import OpenAI from 'openai';

const [address, token, model, what] = process.argv.slice(2);
const client = new OpenAI({ baseURL: address, apiKey: token, maxRetries: 0 });
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'The weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

const things = {
  async models() {
    return { ids: (await client.models.list()).data.map(found => found.id), one: (await client.models.retrieve(model)).id };
  },

  async answer() {
    const answer = await client.chat.completions.create({
      model, temperature: 0.5, max_tokens: 100, messages: [{ role: 'system', content: 'Be short.' }, { role: 'user', content: 'Hello [[n=5]]' }],
    });
    return { text: answer.choices[0].message.content, reason: answer.choices[0].finish_reason, usage: answer.usage, model: answer.model };
  },

  async stream() {
    const stream = await client.chat.completions.create({
      model, stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'Hello [[n=5]]' }],
    });
    let [text, reason, usage] = ['', null, null];
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      reason = chunk.choices[0]?.finish_reason ?? reason;
      usage = chunk.usage ?? usage;
    }
    return { text, reason, usage };
  },

  async tools() {
    const messages = [{ role: 'user', content: 'How is the weather? [[tool=weather]]' }];
    const first = await client.chat.completions.create({ model, messages, tools: [weather] });
    const call = first.choices[0].message.tool_calls[0];
    messages.push(first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: 'Sunny, 29 degrees' });
    const second = await client.chat.completions.create({ model, messages, tools: [weather] });
    return { reason: first.choices[0].finish_reason, name: call.function.name, arguments: call.function.arguments, end: second.choices[0].finish_reason };
  },

  // The client gathers the pieces of a call itself, and runs the tool.
  async runTools() {
    let asked = null;
    const runner = client.chat.completions.runTools({
      model, stream: true, messages: [{ role: 'user', content: 'How is the weather? [[tool=weather]]' }],
      tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: city => { asked = city; return 'Sunny'; } } }],
    });
    return { text: await runner.finalContent(), asked };
  },

  async error() {
    await client.chat.completions.create({ model: 'no-such-model', messages: [{ role: 'user', content: 'Hello' }] });
  },

  async refused() {
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello [[e=429 ra=7]]' }] });
  },

  async cut() {
    const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'Hello [[n=20 cut=5]]' }] });
    let words = 0;
    for await (const chunk of stream) {
      words += chunk.choices[0]?.delta.content ? 1 : 0;
    }
    return { words };
  },

  async embeddings() {
    const answer = await client.embeddings.create({ model, input: ['one', 'two'] });
    return { sizes: answer.data.map(one => one.embedding.length), indexes: answer.data.map(one => one.index), usage: answer.usage };
  },
};

try {
  console.log(JSON.stringify(await things[what]()));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name, status: error.status, code: error.code, param: error.param, type: error.type, message: error.message, requestId: error.requestID }));
}
