using Chat.Storage.ChatLog;
using Chat.Storage.Messages;
using Chat.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Storage.Tests.ChatLog;

/// <summary>A database with people and a group, and what the tests of the log ask again and again.</summary>
internal sealed class ChatLogFixture : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    private ChatLogFixture(TestDatabase database)
    {
        Database = database;
        People = new TestPeople(database, Events);
        Log = new EventStore(database.Source);
    }

    public TestDatabase Database { get; }

    public RecordedEvents Events { get; } = new();

    public TestPeople People { get; }

    public EventStore Log { get; }

    public long Anna { get; private set; }

    public long Ben { get; private set; }

    /// <summary>A group of Anna (admin) and Ben. Its log holds two events.</summary>
    public long Group { get; private set; }

    public static async Task<ChatLogFixture> CreateAsync()
    {
        var fixture = new ChatLogFixture(await TestDatabase.CreateAsync());
        fixture.Anna = await fixture.People.CreateAsync("Anna");
        fixture.Ben = await fixture.People.CreateAsync("Ben");
        fixture.Group = await fixture.People.CreateGroupAsync(fixture.Anna, fixture.Ben);
        return fixture;
    }

    public static NewEvent Message(long chatId, long senderId, string text = "hello", Guid? id = null, long? replyTo = null) =>
        new(chatId, senderId, EventKinds.Message, id ?? Guid.NewGuid(), replyTo, text);

    public ChatLogWriter CreateWriter(
        NpgsqlDataSource? source = null, ChatLogOptions? options = null, TimeProvider? time = null, bool start = true)
    {
        var writer = new ChatLogWriter(
            source ?? Database.Source, options ?? new ChatLogOptions(), Events, time ?? TimeProvider.System, NullLogger<ChatLogWriter>.Instance);
        if (start) writer.Start();
        _owned.Add(writer);
        return writer;
    }

    /// <summary>A pool of its own to the same database, for instance through a proxy.</summary>
    public NpgsqlDataSource CreateSource(string connectionString)
    {
        NpgsqlDataSource source = ChatDataSource.Create(connectionString, "other", maxConnections: 4);
        _owned.Add(source);
        return source;
    }

    public Task<IReadOnlyList<EventRow>> ReadAllAsync(long chatId) => Log.ReadRangeAsync(chatId, 1, long.MaxValue, CancellationToken.None);

    /// <summary>Sequences 1, 2, 3 … without a hole or a repetition, and the head at the last of them.</summary>
    public async Task AssertDenseAsync(long chatId)
    {
        IReadOnlyList<EventRow> events = await ReadAllAsync(chatId);
        Assert.That(events.Select(e => e.Sequence), Is.EqualTo(Enumerable.Range(1, events.Count).Select(i => (long)i)));
        await using NpgsqlCommand head = Database.Source.CreateCommand($"select head_sequence from chats where id = {chatId}");
        Assert.That(await head.ExecuteScalarAsync(), Is.EqualTo((long)events.Count));
    }

    public async Task ExecuteAsync(string sql)
    {
        // Not from the pool: some tests cut all connections there are.
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        await Database.DisposeAsync();
    }
}
