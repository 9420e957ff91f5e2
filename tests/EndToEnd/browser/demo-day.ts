import { createChatSettings, createGroups, createJoining, createMessageActions, createPeople, createScheduled, createStatuses } from '../../../clients/ts-sdk/src/index.js'
import { newcomer, type SdkPerson } from './sdk-people'
import type { ChatServer } from './server'

/** What the pictures of the page show: a few people and what they have said to each other, made by themselves over the SDK. */
export interface DemoDay {
  readonly login: string
}

const hour = 3_600_000

/** Sends what each says, one after the other; the sequence of the last. */
async function talk(chatId: number, lines: readonly (readonly [SdkPerson, string])[]): Promise<number> {
  let last = 0
  for (const [who, text] of lines) last = (await who.client.chat(chatId).send({ text }).sent).sequence
  return last
}

function idOf(person: SdkPerson): number {
  const id = person.client.me?.principalId
  if (id === undefined) throw new Error('Nobody is signed in.')
  return id
}

async function knows(person: SdkPerson, chatId: number): Promise<void> {
  for (let tries = 0; !person.client.chats.items.some((chat) => chat.chatId === chatId); tries++) {
    if (tries > 400) throw new Error(`Chat ${chatId} did not come.`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function read(person: SdkPerson, chatId: number): Promise<void> {
  await knows(person, chatId)
  person.client.chat(chatId).markRead()
}

export async function makeDemoDay(server: ChatServer): Promise<DemoDay> {
  const person = (name: string, login: string) => newcomer(server, name, `${login}@demo.example`)
  const [maya, jonas, carla, farid, grace, ken] = await Promise.all([
    person('Maya Lindholm', 'maya'), person('Jonas Okafor', 'jonas'), person('Carla Núñez', 'carla'),
    person('Farid Haddad', 'farid'), person('Grace Kim', 'grace'), person('Kenta Sato', 'ken'),
  ])
  const all = [maya, jonas, carla, farid, grace, ken]
  for (const one of all) {
    const people = createPeople(one.options)
    for (const other of all) if (one !== other) await people.putContact(idOf(other))
  }

  const joining = createJoining(farid.options)
  const channel = await joining.createChannel({ name: 'City by bike', description: 'Closed bridges, new lanes, and where the wind comes from.', handle: 'city_by_bike' })
  await talk(channel, [[farid, 'The river path is open again between the two bridges. Mind the gravel at the lock.']])
  await createJoining(maya.options).subscribe('city_by_bike')
  await talk(channel, [[farid, 'New since today: a lane of its own on Harbour Street, both ways.'], [farid, 'Saturday: bike market at the old tram depot, 10 to 3.']])

  const choir = await createGroups(grace.client).create('Thursday choir', [idOf(maya), idOf(carla), idOf(ken)])
  for (const one of [maya, carla, ken]) await knows(one, choir.id)
  await talk(choir.id, [[grace, 'Rehearsal is in the small hall this week, the big one has the flea market.'], [carla, 'Good to know. I have the scores for the altos.'], [maya, 'I can bring tea'], [ken, 'I am ten minutes late, start without me.']])

  const withKen = await ken.client.openDirect(idOf(maya))
  await talk(withKen.id, [[ken, 'Thank you for the book!'], [ken, 'I have read half of it on the train already.']])
  await read(maya, withKen.id)
  await talk(withKen.id, [[maya, 'You are welcome. Tell me how you liked the ending.']])

  const withCarla = await carla.client.openDirect(idOf(maya))
  await talk(withCarla.id, [[carla, 'Did you see the offer for the flat?'], [carla, 'Two rooms, a balcony, and a cat that comes with it.']])

  const withJonas = await maya.client.openDirect(idOf(jonas))
  await knows(jonas, withJonas.id)
  await talk(withJonas.id, [
    [maya, 'Morning! Is the cabin still free for the long weekend?'], [jonas, 'It is. My aunt says the stove works again, and that we bring our own wood.'],
    [maya, 'Then I ask the others today.'], [jonas, 'Six beds, so there is room for Grace and Farid.'],
  ])
  await read(jonas, withJonas.id)

  const trip = await createGroups(maya.client).create('Cabin weekend', [idOf(jonas), idOf(carla), idOf(farid), idOf(grace)])
  for (const one of [jonas, carla, farid, grace]) await knows(one, trip.id)
  const last = await talk(trip.id, [
    [maya, 'Friday to Monday at the lake. Who is in?'], [grace, 'Me! I bring the big pot.'], [farid, 'In, if I may come by bike. That is 62 km, so I leave at noon.'],
    [carla, 'Yes!! Is there a place to swim, or is it too cold by then?'], [jonas, 'There is a jetty. The water has 14 degrees, so it depends on you.'],
    [carla, 'I have swum in less.'], [maya, 'Train is at 15:10, platform 4. Tickets: I take ours, four seats together.'], [jonas, 'Perfect. The key is under the third step, as always.'],
    [grace, 'Shopping list: potatoes, onions, coffee, oat milk. What else?'], [farid, 'Cheese. A lot of cheese.'], [maya, 'And wood for the stove. Jonas, your aunt was clear about that.'],
    [jonas, 'On it. The neighbour sells it by the basket.'],
  ])
  for (const one of [jonas, carla, farid, grace]) await read(one, trip.id)
  await createMessageActions(jonas.client).react(trip.id, last - 1, '😂')
  await createMessageActions(grace.client).react(trip.id, last - 1, '😂')
  await createMessageActions(maya.client).react(trip.id, last - 2, '😂')
  await createMessageActions(maya.client).pin(trip.id, last - 5)
  await createChatSettings(maya.options).pin(trip.id)
  await createChatSettings(maya.options).setTheme(choir.id, 'violet')
  await read(maya, trip.id)
  await read(maya, withJonas.id)

  const scheduled = createScheduled(maya.options)
  await scheduled.schedule({ chatId: withJonas.id, message: { text: 'Happy birthday, Jonas!' }, dueAt: new Date(Date.now() + 20 * hour) })
  await scheduled.schedule({ chatId: trip.id, message: { text: 'Reminder: the train leaves at 15:10, platform 4.' }, dueAt: new Date(Date.now() + 44 * hour) })

  await createStatuses(jonas.options).post({ kind: 'text', text: 'First frost on the jetty this morning.', background: '#1d4f73', font: 'serif' })
  await createStatuses(grace.options).post({ kind: 'text', text: 'Concert on the 12th. You are all invited!', background: '#6a3d8f', font: 'bold' })
  await createStatuses(maya.options).post({ kind: 'text', text: 'Four more days until the lake', background: '#0f766e', font: 'sans' })

  for (const one of all) await one.client.close()
  return { login: 'maya@demo.example' }
}
