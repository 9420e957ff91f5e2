import { createCalls, createChatSettings, createFiles, createGroups, createJoining, createMessageActions, createPeople, createScheduled, createStatuses } from '../../../clients/ts-sdk/src/index.js'
import { hum, lake, png, portrait } from './demo-media'
import { newcomer, type SdkPerson } from './sdk-people'
import type { ChatServer } from './server'

/** What the pictures of the page show: a few people and what they have said to each other, made by themselves over the SDK. */
export interface DemoDay {
  readonly login: string
}

/** A full hour of a day to come. */
function atHour(daysAhead: number, hour: number): Date {
  const now = new Date()
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysAhead, hour)
}

/** Sends what each says, one after the other; their sequences. */
async function talk(chatId: number, lines: readonly (readonly [SdkPerson, string])[]): Promise<number[]> {
  const sequences: number[] = []
  for (const [who, text] of lines) sequences.push((await who.client.chat(chatId).send({ text }).sent).sequence)
  return sequences
}

async function showPhoto(who: SdkPerson, chatId: number, text: string): Promise<void> {
  const [width, height] = [960, 640]
  const { blobId, contentType, bytes } = await createFiles(who.options).upload(png(width, height, lake), { fileName: 'jetty.png', chatId })
  await who.client.chat(chatId).send({ text, content: { kind: 'image', media: { blobId, contentType, bytes, width, height } } }).sent
}

async function say(who: SdkPerson, chatId: number, seconds: number): Promise<void> {
  const { file, waveform } = hum(seconds)
  const { blobId, contentType, bytes } = await createFiles(who.options).upload(file, { fileName: 'voice.wav', chatId })
  await who.client.chat(chatId).send({ text: '', content: { kind: 'voice', media: { blobId, contentType, bytes, durationMs: seconds * 1_000, waveform } } }).sent
}

/** Gives them a profile picture. */
async function wear(who: SdkPerson, face: ReturnType<typeof portrait>): Promise<void> {
  const { blobId } = await createFiles(who.options).upload(png(256, 256, face), { fileName: 'me.png', purpose: 'avatar' })
  await createPeople(who.options).updateProfile({ avatar: blobId })
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
  const person = (name: string, account: string) => newcomer(server, name, account)
  const [maya, jonas, carla, farid, grace, ken] = await Promise.all([
    person('Maya Lindholm', 'maya'), person('Jonas Okafor', 'jonas'), person('Carla Núñez', 'carla'),
    person('Farid Haddad', 'farid'), person('Grace Kim', 'grace'), person('Kenta Sato', 'ken'),
  ])
  const all = [maya, jonas, carla, farid, grace, ken]
  for (const one of all) {
    const people = createPeople(one.options)
    for (const other of all) if (one !== other) await people.putContact(idOf(other))
  }

  await wear(jonas, portrait([214, 168, 92], [44, 74, 110], [150, 100, 72], [34, 26, 24]))
  await wear(grace, portrait([150, 190, 178], [150, 62, 84], [236, 200, 172], [28, 24, 28]))

  const books = await createGroups(carla.client).create('Book circle', [idOf(maya), idOf(farid)])
  await knows(maya, books.id)
  await talk(books.id, [[carla, 'Next one: the lighthouse novel, up to chapter 9.'], [maya, 'I have just started. No spoilers, please!']])

  const house = await createGroups(ken.client).create('House 14', [idOf(maya), idOf(grace)])
  for (const one of [maya, grace]) await knows(one, house.id)
  await talk(house.id, [[ken, 'The plumber comes on Tuesday between 8 and 10.'], [grace, 'I’m at home then and can let him in.']])
  await read(maya, house.id)

  const withFarid = await farid.client.openDirect(idOf(maya))
  await talk(withFarid.id, [[farid, 'Your bike is ready. New brakes, and I oiled the chain.']])
  await read(maya, withFarid.id)
  await talk(withFarid.id, [[maya, 'You’re the best. I’ll pick it up after work.']])

  const withGrace = await maya.client.openDirect(idOf(grace))
  await knows(grace, withGrace.id)
  const declined = await createCalls(maya.client, maya.options).start(withGrace.id, 'video')
  await createCalls(grace.client, grace.options).decline(declined.callId)
  await talk(withGrace.id, [[grace, 'Sorry, I’m on the train. I’ll call you tonight!'], [maya, 'No hurry, it’s only about the soup.']])
  await read(maya, withGrace.id)

  const joining = createJoining(farid.options)
  const channel = await joining.createChannel({ name: 'City by bike', description: 'Closed bridges, new lanes, and where the wind comes from.', handle: 'city_by_bike' })
  await talk(channel, [[farid, 'The river path is open again between the two bridges. Mind the gravel at the lock.']])
  await createJoining(maya.options).subscribe('city_by_bike')
  await talk(channel, [[farid, 'New since today: a separate bike lane on Harbour Street, both ways.'], [farid, 'Saturday: bike market at the old tram depot, 10 to 3.']])

  const choir = await createGroups(grace.client).create('Thursday choir', [idOf(maya), idOf(carla), idOf(ken)])
  for (const one of [maya, carla, ken]) await knows(one, choir.id)
  await talk(choir.id, [[grace, 'Rehearsal is in the small hall this week, the big one has the flea market.'], [carla, 'Good to know. I have the scores for the altos.'], [maya, 'I can bring tea.'], [ken, 'I’ll be ten minutes late, start without me.']])

  const withKen = await ken.client.openDirect(idOf(maya))
  await talk(withKen.id, [[ken, 'Thank you for the book!'], [ken, 'I already read half of it on the train.']])
  await read(maya, withKen.id)
  await (await createCalls(ken.client, ken.options).start(withKen.id, 'voice')).end()
  await talk(withKen.id, [[maya, 'You’re welcome. Tell me how you like the ending.']])

  const withCarla = await carla.client.openDirect(idOf(maya))
  await talk(withCarla.id, [[carla, 'Did you see the offer for the flat?'], [carla, 'Two rooms, a balcony, and a cat that comes with it.']])

  const withJonas = await maya.client.openDirect(idOf(jonas))
  await knows(jonas, withJonas.id)
  await talk(withJonas.id, [
    [maya, 'Morning! Is the cabin still free for the long weekend?'], [jonas, 'It is. My aunt says the stove works again, but we have to bring our own wood.'],
    [maya, 'Then I’ll ask the others today.'], [jonas, 'Six beds, so there’s room for Grace and Farid.'],
  ])
  await read(jonas, withJonas.id)

  const trip = await createGroups(maya.client).create('Cabin weekend', [idOf(jonas), idOf(carla), idOf(farid), idOf(grace)])
  for (const one of [jonas, carla, farid, grace]) await knows(one, trip.id)
  const said = await talk(trip.id, [
    [maya, 'Friday to Monday at the lake. Who is in?'], [grace, 'Me! I’ll bring the big pot.'], [farid, 'In, if I can come by bike. It’s 62 km, so I’ll leave at noon.'],
    [carla, 'Yes!! Is there a place to swim, or is it too cold by then?'], [jonas, 'There’s a jetty. The water is 14 degrees, so that’s up to you.'],
    [carla, 'I’ve swum in colder.'], [maya, 'Train is at 15:10, platform 4. Tickets: I’ll get ours, four seats together.'], [jonas, 'Perfect. The key is under the third step, as always.'],
    [grace, 'Shopping list: potatoes, onions, coffee, oat milk. What else?'], [farid, 'Cheese. A lot of cheese.'], [maya, 'And wood for the stove. Jonas, your aunt was clear about that.'],
    [jonas, 'On it. The neighbour sells it by the basket.'],
  ])
  const [ticket = 0, cheese = 0, wood = 0] = [said[6], said[9], said[10]]
  await showPhoto(jonas, trip.id, 'The jetty this morning.')
  await say(carla, trip.id, 9)
  await grace.client.chat(trip.id).send({ text: 'Platform 4, got it. See you all there!', replyTo: ticket }).sent
  for (const one of [jonas, carla, farid, grace]) await read(one, trip.id)
  await createMessageActions(jonas.client).react(trip.id, wood, '😂')
  await createMessageActions(grace.client).react(trip.id, wood, '😂')
  await createMessageActions(maya.client).react(trip.id, cheese, '😂')
  await createMessageActions(maya.client).pin(trip.id, ticket)
  await createChatSettings(maya.options).pin(trip.id)
  await createChatSettings(maya.options).setTheme(choir.id, 'violet')
  await read(maya, trip.id)
  await read(maya, withJonas.id)

  const toFriday = (5 - new Date().getDay() + 7) % 7 || 7
  const scheduled = createScheduled(maya.options)
  await scheduled.schedule({ chatId: withJonas.id, message: { text: 'Happy birthday, Jonas!' }, dueAt: atHour(1, 9) })
  await scheduled.schedule({ chatId: trip.id, message: { text: 'Reminder: the train leaves at 15:10, platform 4.' }, dueAt: atHour(toFriday, 13) })

  await createStatuses(jonas.options).post({ kind: 'text', text: 'First frost on the jetty this morning.', background: '#1d4f73', font: 'serif' })
  await createStatuses(grace.options).post({ kind: 'text', text: 'Concert on the 12th. You are all invited!', background: '#6a3d8f', font: 'bold' })
  await createStatuses(maya.options).post({ kind: 'text', text: 'Packing for the lake!', background: '#0f766e', font: 'sans' })

  for (const one of all) await one.client.close()
  return { login: 'maya@demo.example' }
}
