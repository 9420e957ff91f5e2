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
        LiveSettings live = new(new LimitSettings { SendsPerMinute = 7 });
        List<LimitSettings> told = [];
        live.LimitsChanged += told.Add;

        Assert.That((await change.ExecuteAsync("limits:sendsperminute", "2.5", "test", ct)).Value, Is.EqualTo("Limits:SendsPerMinute"));
        Assert.That((await change.ExecuteAsync("Limits:SendsBurst", "3", "test", ct)).IsOk);
        Assert.That(live.Apply(await store.ReadAsync(ct)), Is.Empty);
        Assert.That(live.Limits, Is.EqualTo(new LimitSettings { SendsPerMinute = 2.5, SendsBurst = 3 }));
        Assert.That(live.ChangedAt, Is.Not.Null);

        Assert.That((await change.ExecuteAsync("Limits:SendsPerMinute", null, "test", ct)).IsOk);
        live.Apply(await store.ReadAsync(ct));
        live.Apply(await store.ReadAsync(ct));

        Assert.That(live.Limits, Is.EqualTo(new LimitSettings { SendsPerMinute = 7, SendsBurst = 3 }));
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

    [TestCase("Limits:SendsPerMinute", "-1", "from 0 (no limit)")]
    [TestCase("Limits:SendsPerMinute", "NaN", "from 0 (no limit)")]
    [TestCase("Limits:SendsPerMinute", "many", "'many'")]
    [TestCase("Limits:SendsPerMinute", "1e300", "to 1000000")]
    [TestCase("Limits:SendsBurst", "0", "whole number from 1")]
    [TestCase("Limits:SendsBurst", "2.5", "whole number from 1")]
    [TestCase("Limits:ConnectionsPerPrincipal", "1.5", "whole number from 0 (no limit)")]
    [TestCase("Limits:LimitLoopback", "2", "or 0")]
    [TestCase("Limits:Nothing", "1", "Limits:SendsPerMinute")]
    [TestCase("Limits:Visitors", "1", "Limits:Persons:RequestsPerMinute")]
    [TestCase("Limits:Visitors:PinnedChats", "1", "Persons, Agents, Visitors, Bots")]
    [TestCase("Limits:Visitors:SendsPerMinute", "-1", "of visitors alone, from 0 (no limit)")]
    [TestCase("Limits:Bots:SendsBurst", "0", "of bots alone, a whole number from 1")]
    [TestCase("Limits:SendsPerSecond", "10", "is called Limits:SendsPerMinute now")]
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
            insert into settings (name, value) values ('Limits:Later', '1'), ('Limits:SendsPerMinute', '"fast"'),
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
        string[] kinds = [.. typeof(LimitSettings).GetProperties().Where(property => property.PropertyType == typeof(KindLimits)).Select(property => property.Name)];
        IEnumerable<string> properties = typeof(LimitSettings).GetProperties()
            .Where(property => property.CanWrite && !kinds.Contains(property.Name) && property.Name != nameof(LimitSettings.SendsPerSecond))
            .Select(property => "Limits:" + property.Name);
        IEnumerable<string> ofKinds = kinds.SelectMany(kind => typeof(KindLimits).GetProperties().Where(property => property.CanWrite), (kind, own) => $"Limits:{kind}:{own.Name}");
        Assert.That(kinds, Is.EqualTo(new[] { "Persons", "Agents", "Visitors", "Bots" }));
        Assert.That(LimitSetting.All.Select(setting => setting.Name), Is.EquivalentTo(properties));
        Assert.That(LimitSetting.OfKinds.Select(setting => setting.Name), Is.EquivalentTo(ofKinds), "each value of a kind stands for one of all");
        Assert.That(new LimitSettings().Validate(), Is.Empty);

        LimitSettings before = new();
        LimitSetting[] all = [.. LimitSetting.All, .. LimitSetting.OfKinds];
        foreach (LimitSetting setting in all)
        {
            LimitSettings after = setting.Change(before, 77);
            IEnumerable<LimitSetting> changed = all.Where(other => other.Read(after) != other.Read(before));
            Assert.That(changed, Is.EqualTo(new[] { setting }), setting.Name);
        }

        Assert.That(before, Is.EqualTo(new LimitSettings()), "the record that was changed from is as it was");
    }

    [Test]
    public void Each_rate_follows_its_own_setting_for_the_kind_and_for_all()
    {
        foreach (LimitSetting setting in LimitSetting.OfKinds)
        {
            PrincipalKind kind = Enum.Parse<PrincipalKind>(setting.Name.Split(':')[1].TrimEnd('s'));
            string[] before = Rates(new LimitSettings(), kind);
            string[] after = Rates(setting.Change(new LimitSettings(), 77), kind);

            Assert.That(after.Except(before).Count(), Is.EqualTo(1), setting.Name);
            foreach (PrincipalKind other in Enum.GetValues<PrincipalKind>().Where(other => other != kind))
                Assert.That(Rates(setting.Change(new LimitSettings(), 77), other), Is.EqualTo(Rates(new LimitSettings(), other)), $"{setting.Name}: {other}");
        }

        foreach (LimitSetting all in LimitSetting.All.Where(all => LimitSetting.Find(all.Name.Replace(":", ":Bots:", StringComparison.Ordinal)) is not null))
            Assert.That(Rates(all.Change(new LimitSettings(), 77), PrincipalKind.Bot).Except(Rates(new LimitSettings(), PrincipalKind.Bot)).Count(), Is.EqualTo(1), all.Name);
    }

    [Test]
    public void A_visitor_has_ten_messages_five_uploads_and_a_hundred_requests_a_minute_and_a_kind_of_tomorrow_what_all_have()
    {
        LiveSettings live = new(new LimitSettings());
        PrincipalRates visitor = live.RatesOf(PrincipalKind.Visitor), person = live.RatesOf(PrincipalKind.Person);

        Assert.That((visitor.Sends, visitor.Uploads, visitor.Requests), Is.EqualTo((new Rate(10 / 60d, 10), new Rate(5 / 60d, 5), new Rate(100 / 60d, 100))));
        Assert.That((person.Sends, person.Uploads, person.Requests), Is.EqualTo((new Rate(1, 60), new Rate(10 / 60d, 10), new Rate(100, 1000))));
        Assert.That(visitor.History, Is.EqualTo(person.History));
        Assert.That(live.RatesOf((PrincipalKind)9).Sends, Is.EqualTo(person.Sends));
    }

    [Test, CancelAfter(20_000)]
    public async Task A_name_of_before_holds_until_the_name_of_today_is_set_or_taken_back(CancellationToken ct)
    {
        SettingStore store = new(World.Source);
        ChangeSetting change = new(store, _bus.Join());
        LiveSettings live = new(new LimitSettings());
        await store.SetAsync("Limits:SendsPerSecond", 3, "a version before", ct);

        live.Apply(await store.ReadAsync(ct));
        Assert.That((live.Limits.SendsPerMinute, live.RatesOf(PrincipalKind.Person).Sends.PerSecond), Is.EqualTo((180d, 3d)));

        await store.SetAsync("Limits:SendsPerMinute", 90, "a node of this version", ct);
        live.Apply(await store.ReadAsync(ct));
        Assert.That(live.Limits.SendsPerMinute, Is.EqualTo(90), "both are stored: the name of today wins");

        Assert.That((await change.ExecuteAsync("Limits:SendsPerMinute", null, "test", ct)).IsOk);
        live.Apply(await store.ReadAsync(ct));
        Assert.That((live.Limits, (await store.ReadAsync(ct)).Count), Is.EqualTo((new LimitSettings(), 0)), "the other name does not come back");

        await store.SetAsync("Limits:SendsPerSecond", 3, "a version before", ct);
        Assert.That((await change.ExecuteAsync("Limits:SendsPerSecond", null, "test", ct)).IsOk, "it may be taken back by its own name");
        Assert.That(await store.ReadAsync(ct), Is.Empty);
    }

    [Test, CancelAfter(20_000)]
    public async Task A_value_of_one_kind_is_stored_and_taken_back_for_that_kind_alone(CancellationToken ct)
    {
        SettingStore store = new(World.Source);
        ChangeSetting change = new(store, _bus.Join());
        LiveSettings live = new(new LimitSettings());

        Assert.That((await change.ExecuteAsync("limits:visitors:sendsperminute", "30", "test", ct)).Value, Is.EqualTo("Limits:Visitors:SendsPerMinute"));
        Assert.That((await change.ExecuteAsync("Limits:SendsPerMinute", "120", "test", ct)).IsOk);
        Assert.That(live.Apply(await store.ReadAsync(ct)), Is.Empty);
        PrincipalKind[] kinds = [PrincipalKind.Person, PrincipalKind.Agent, PrincipalKind.Visitor, PrincipalKind.Bot];
        Assert.That(kinds.Select(kind => live.RatesOf(kind).Sends.PerSecond), Is.EqualTo(new[] { 2, 2, 0.5, 2 }));

        await change.ExecuteAsync("Limits:Visitors:SendsPerMinute", null, "test", ct);
        live.Apply(await store.ReadAsync(ct));
        Assert.That(live.RatesOf(PrincipalKind.Visitor).Sends, Is.EqualTo(new Rate(10 / 60d, 10)), "what it is configured with, not what all have");
    }

    private static string[] Rates(LimitSettings settings, PrincipalKind kind)
    {
        PrincipalRates rates = new LiveSettings(settings).RatesOf(kind);
        return [.. typeof(PrincipalRates).GetProperties().Select(property => $"{property.Name} {property.GetValue(rates)}")];
    }
}
