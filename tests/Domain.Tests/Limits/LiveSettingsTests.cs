using Chat.Domain.Cluster;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Chat.Storage.Settings;
using Chat.TestKit;
using Npgsql;

namespace Chat.Domain.Tests.Limits;

public sealed class LiveSettingsTests : WorldFixture
{
    private readonly InMemoryBus _bus = new();

    [TearDown]
    public async Task ForgetWhatIsStoredAsync()
    {
        await using NpgsqlCommand command = World.Source.CreateCommand("delete from settings; delete from settings_history");
        await command.ExecuteNonQueryAsync();
    }

    [Test, CancelAfter(20_000)]
    public async Task A_stored_value_wins_over_the_configured_one_until_it_is_taken_back(CancellationToken ct)
    {
        SettingStore store = new(World.Source);
        ChangeSetting change = new(store, _bus.Join());
        LiveSettings live = new(new LimitSettings { SendsPerSecond = 7 });
        List<LimitSettings> told = [];
        live.LimitsChanged += told.Add;

        Assert.That((await change.ExecuteAsync("limits:sendspersecond", "2.5", "test", ct)).Value, Is.EqualTo("Limits:SendsPerSecond"));
        Assert.That((await change.ExecuteAsync("Limits:SendsBurst", "3", "test", ct)).IsOk);
        Assert.That(live.Apply(await store.ReadAsync(ct)), Is.Empty);
        Assert.That(live.Limits, Is.EqualTo(new LimitSettings { SendsPerSecond = 2.5, SendsBurst = 3 }));
        Assert.That(live.ChangedAt, Is.Not.Null);

        Assert.That((await change.ExecuteAsync("Limits:SendsPerSecond", null, "test", ct)).IsOk);
        live.Apply(await store.ReadAsync(ct));
        live.Apply(await store.ReadAsync(ct));

        Assert.That(live.Limits, Is.EqualTo(new LimitSettings { SendsPerSecond = 7, SendsBurst = 3 }));
        Assert.That(told, Has.Count.EqualTo(2), "reading the same again changes nothing");
    }

    [Test, CancelAfter(20_000)]
    public async Task Every_change_is_in_the_history_with_who_asked_for_it(CancellationToken ct)
    {
        ChangeSetting change = new(new SettingStore(World.Source), _bus.Join());

        await change.ExecuteAsync("Limits:HistoryBurst", "4", "anna", ct);
        await change.ExecuteAsync("Limits:HistoryBurst", "5", "ben", ct);
        await change.ExecuteAsync("Limits:HistoryBurst", null, "chloe", ct);
        await change.ExecuteAsync("Limits:HistoryBurst", null, "nobody, it was taken back before", ct);

        await using NpgsqlCommand command = World.Source.CreateCommand(
            "select string_agg(coalesce(value::text, '-') || ' ' || changed_by, ', ' order by changed_at) from settings_history");
        Assert.That(await command.ExecuteScalarAsync(ct), Is.EqualTo("4 anna, 5 ben, - chloe"));
    }

    [TestCase("Limits:SendsPerSecond", "-1", "from 0 (no limit)")]
    [TestCase("Limits:SendsPerSecond", "NaN", "from 0 (no limit)")]
    [TestCase("Limits:SendsPerSecond", "many", "'many'")]
    [TestCase("Limits:SendsPerSecond", "1e300", "to 1000000")]
    [TestCase("Limits:SendsBurst", "0", "whole number from 1")]
    [TestCase("Limits:SendsBurst", "2.5", "whole number from 1")]
    [TestCase("Limits:ConnectionsPerPrincipal", "1.5", "whole number from 0 (no limit)")]
    [TestCase("Limits:LimitLoopback", "2", "or 0")]
    [TestCase("Limits:Nothing", "1", "Limits:SendsPerSecond")]
    [TestCase("Database:ConnectionString", "x", "cannot be set while nodes run")]
    [CancelAfter(20_000)]
    public async Task What_cannot_be_set_is_refused_with_what_can(string name, string value, string told, CancellationToken ct)
    {
        SettingStore store = new(World.Source);

        Result<string> refused = await new ChangeSetting(store, _bus.Join()).ExecuteAsync(name, value, "test", ct);

        Assert.That(refused.Failure?.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(refused.Failure!.Message, Does.Contain(name).And.Contain(told));
        Assert.That(await store.ReadAsync(ct), Is.Empty);
    }

    [Test, CancelAfter(20_000)]
    public async Task What_a_newer_program_or_a_hand_stored_is_left_alone_and_the_rest_holds(CancellationToken ct)
    {
        SettingStore store = new(World.Source);
        await using (NpgsqlCommand command = World.Source.CreateCommand("""
            insert into settings (name, value) values ('Limits:Later', '1'), ('Limits:SendsPerSecond', '"fast"'),
                ('Limits:SendsBurst', '{}'), ('Limits:HistoryBurst', 'null'), ('Limits:TypingPerSecond', '3')
            """))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        LiveSettings live = new(new LimitSettings());
        IReadOnlyList<string> faults = live.Apply(await store.ReadAsync(ct));

        Assert.That(faults, Has.Count.EqualTo(4));
        Assert.That(live.Limits, Is.EqualTo(new LimitSettings { TypingPerSecond = 3 }));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_change_is_told_to_the_other_nodes(CancellationToken ct)
    {
        InMemoryBroker here = _bus.Join(), there = _bus.Join();
        ControlReceiver receiver = new(new(World.Tokens, World.Sessions, there));
        int heard = 0;
        receiver.SettingsChanged += () => heard++;
        there.Attach(BrokerTopic.Control, receiver);
        await there.StartAsync(ct);
        await here.StartAsync(ct);

        await new ChangeSetting(new SettingStore(World.Source), here).ExecuteAsync("Limits:SendsBurst", "9", "test", ct);
        await new ChangeSetting(new SettingStore(World.Source), here).ExecuteAsync("Limits:SendsBurst", "none", "test", ct);

        Assert.That(heard, Is.EqualTo(1));
    }

    [Test]
    public void Each_value_of_the_record_can_be_set_by_its_name_and_changes_nothing_else()
    {
        IEnumerable<string> properties = typeof(LimitSettings).GetProperties()
            .Where(property => property.CanWrite).Select(property => "Limits:" + property.Name);
        Assert.That(LimitSetting.All.Select(setting => setting.Name), Is.EquivalentTo(properties));
        Assert.That(new LimitSettings().Validate(), Is.Empty);

        LimitSettings before = new();
        foreach (LimitSetting setting in LimitSetting.All)
        {
            LimitSettings after = setting.Change(before, 77);
            IEnumerable<LimitSetting> changed = LimitSetting.All.Where(other => other.Read(after) != other.Read(before));
            Assert.That(changed, Is.EqualTo(new[] { setting }), setting.Name);
        }
    }
}
