using Chat.Chaos.History;

namespace Chat.Chaos.Tests.History;

[TestFixture]
internal sealed class HistoryFileTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("chat-history-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task What_was_written_is_read_in_order_and_whole()
    {
        HistoryEntry[] entries =
        [
            new()
            {
                Op = HistoryOp.HistoryPage, Source = HistorySource.Rest, Outcome = HistoryOutcome.Info, Session = 3, Connection = 4,
                Node = 0, Code = -5, Count = 6, User = 7,
                Chat = long.MaxValue, ClientMessageId = Guid.NewGuid(), Seq = 8, Hash = ulong.MaxValue,
                Cursor = 9, Invoke = 10, Done = 11, Text = "ein \"Wort\"\n",
            },
            new() { Op = HistoryOp.Connect, Node = -1 },
        ];

        await using (HistoryWriter writer = HistoryWriter.Create(_directory))
            foreach (HistoryEntry entry in entries) writer.Write(entry);
        HistoryEntry[] read = [.. HistoryReader.FromDirectory(_directory).Entries()];

        Assert.That(read.Select(entry => entry with { Wall = 0, Process = 0 }), Is.EqualTo(entries));
        Assert.That(read[0].Process, Is.EqualTo(Environment.ProcessId));
        Assert.That(read[0].Wall, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_last_line_that_was_cut_off_is_left_out()
    {
        await using (HistoryWriter writer = HistoryWriter.Create(_directory))
            writer.Write(new HistoryEntry { Op = HistoryOp.Connect, Node = -1 });
        string file = Directory.GetFiles(_directory).Single();
        await File.AppendAllTextAsync(file, "{\"op\":\"se");

        Assert.That(HistoryReader.FromDirectory(_directory).Entries().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_line_that_is_no_entry_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "history-1.jsonl"), "{\"op\":\"connect\"}\n{\"op\":\"dance\"}\n");

        Assert.That(
            () => HistoryReader.FromDirectory(_directory).Entries().Count(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("line 2"));
    }
}
