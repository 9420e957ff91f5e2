using System.Diagnostics;

using Chat.Chaos.Checker;
using Chat.Chaos.History;
using Chat.Chaos.Workload;

namespace Chat.Chaos.Tests.Checker;

/// <summary>The cost of the checker (promise: 10 million events within a minute). Run by name; it writes 2 GB.</summary>
[TestFixture, Explicit("Measures, and asserts no time.")]
internal sealed class TenMillionEventsTests
{
    private const int Chats = 500, MembersPerChat = 10, Messages = 900_000;

    [Test]
    public async Task A_clean_history_of_ten_million_events()
    {
        string directory = Directory.CreateTempSubdirectory("chat-history-").FullName;
        try
        {
            (FinalState final, long events) = await WriteAsync(directory);
            long bytes = Directory.GetFiles(directory).Sum(file => new FileInfo(file).Length);

            long started = Stopwatch.GetTimestamp();
            Verdict verdict = ConsistencyChecker.Check(HistoryReader.FromDirectory(directory), final);
            TimeSpan took = Stopwatch.GetElapsedTime(started);

            TestContext.Out.WriteLine(
                $"{events} events, {bytes >> 20} MiB: {took.TotalSeconds:0.0} s, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
            Assert.That(verdict.IsClean, Is.True, string.Join('\n', verdict.Violations));
            Assert.That(verdict.Counts.Received, Is.EqualTo((long)Messages * MembersPerChat));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(FinalState Final, long Events)> WriteAsync(string directory)
    {
        List<FinalEvent>[] rows = [.. Enumerable.Range(0, Chats).Select(_ => new List<FinalEvent>())];
        long events = 0, now = 1;
        await using HistoryWriter writer = HistoryWriter.Create(directory);
        for (int n = 0; n < Messages; n++, now += 2_000_000)
        {
            int chat = n % Chats;
            long seq = rows[chat].Count + 1, sender = (chat * 1_000) + 1 + (n / Chats % MembersPerChat);
            (Guid id, ulong hash) = (Guid.NewGuid(), ChaosPayload.Hash($"{n}"));
            rows[chat].Add(new FinalEvent(seq, true, sender, id, hash));
            HistoryEntry entry = new()
            {
                Op = HistoryOp.Send,
                Outcome = HistoryOutcome.Ok,
                Session = (int)sender,
                User = sender,
                Chat = chat + 1,
                ClientMessageId = id,
                Hash = hash,
                Seq = seq,
                Invoke = now,
                Done = now + 900_000,
            };
            writer.Write(entry);
            for (int member = 0; member < MembersPerChat; member++)
            {
                long user = (chat * 1_000) + 1 + member;
                writer.Write(entry with
                {
                    Op = HistoryOp.Receive,
                    Source = HistorySource.Live,
                    Outcome = HistoryOutcome.None,
                    Session = (int)user,
                    User = user,
                    Invoke = now + 1_500_000,
                    Done = now + 1_500_000,
                });
            }

            events += 1 + MembersPerChat;
        }

        FinalChat[] chats = [.. rows.Select((log, chat) => new FinalChat(chat + 1, log.Count, 1, log, Members(chat)))];
        return (new FinalState { Chats = chats }, events);
    }

    private static FinalMember[] Members(int chat) =>
        [.. Enumerable.Range(0, MembersPerChat).Select(member => new FinalMember((chat * 1_000) + 1 + member, 1, null))];
}
