using Chat.Domain;
using Chat.Domain.Accounts;
using Chat.Domain.Limits;
using Chat.Protocol.Codes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.AdminApi.Tests.Rest.Limits;

/// <summary>R-300, R-462, R-463: what is over a rate is told with a time to come back, by the kind of who asks.</summary>
[Parallelizable]
internal sealed class LimitTests
{
    [Test, CancelAfter(60_000)]
    public async Task A_visitor_makes_a_hundred_requests_and_is_then_told_when_to_come_again_and_a_person_goes_on()
    {
        await using ApiHost host = await StartAsync();
        Person ada = await Person.RegisterAsync(client: host.Client);
        string visitor = await NewTokenAsync(host, PrincipalKind.Visitor);

        for (int i = 0; i < 100; i++) (await host.Client.GetAsync("/api/chats", visitor)).MustBe(200);
        ApiAnswer refused = await host.Client.GetAsync("/api/chats", visitor);
        for (int i = 0; i < 105; i++) (await host.Client.GetAsync("/api/chats", ada.Token)).MustBe(200);

        MustWait(refused);
        MustWait(await host.Client.PostAsync("/api/auth/logout", visitor)); // whatever it asks for
        (await host.Client.GetAsync("/api/chats", await NewTokenAsync(host, PrincipalKind.Visitor))).MustBe(200);
    }

    [Test, CancelAfter(60_000)]
    public async Task A_visitor_sends_ten_messages_and_uploads_five_files_and_an_agent_as_many_as_a_person()
    {
        await using ApiHost host = await StartAsync();
        string visitor = await NewTokenAsync(host, PrincipalKind.Visitor), agent = await NewTokenAsync(host, PrincipalKind.Agent);

        foreach ((string token, int messages, int files) in new[] { (visitor, 10, 5), (agent, 60, 10) })
        {
            long chat = (long)(await host.Client.PostAsync("/api/groups", token, new { name = "Help" })).MustBe(201).Json["chatId"]!;
            for (int i = 0; i < messages; i++) (await SendAsync(token, chat)).MustBe(200);
            MustWait(await SendAsync(token, chat));
            for (int i = 0; i < files; i++) (await UploadAsync(token)).MustBe(201);
            MustWait(await UploadAsync(token));
        }

        Task<ApiAnswer> SendAsync(string token, long chat) =>
            host.Client.PostAsync($"/api/chats/{chat}/messages", token, new { clientMessageId = Guid.NewGuid(), text = "hello" });

        async Task<ApiAnswer> UploadAsync(string token)
        {
            using ByteArrayContent picture = new("GIF89a"u8.ToArray());
            return await host.Client.SendAsync("POST", "/api/media/upload/avatar?fileName=a.gif", token, picture, new Dictionary<string, string>());
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task An_account_signs_in_five_times_a_minute_right_or_wrong_and_another_of_the_same_address_too()
    {
        await using ApiHost host = await StartAsync();
        Person ada = await Person.RegisterAsync(client: host.Client), ben = await Person.RegisterAsync("Ben", host.Client);

        for (int i = 0; i < 4; i++) (await SignInAsync(ada, Person.Password)).MustBe(200);
        (await SignInAsync(ada, "a wrong password")).MustFail(401, "sign_in_failed");
        ApiAnswer refused = await SignInAsync(ada, Person.Password);

        MustWait(refused);
        (await SignInAsync(ben, Person.Password)).MustBe(200);

        Task<ApiAnswer> SignInAsync(Person who, string password) => host.Client.PostAsync("/api/auth/login", null, new { login = who.Email, password });
    }

    [Test, CancelAfter(60_000)]
    public async Task An_agent_who_signs_in_and_refreshes_stays_an_agent()
    {
        await using ApiHost host = await StartAsync();
        Person ada = await Person.RegisterAsync(client: host.Client);
        await using (NpgsqlCommand command = ApiServer.Database.Source.CreateCommand("update principals set kind = 2 where id = $1"))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ada.Id });
            await command.ExecuteNonQueryAsync();
        }

        ApiAnswer signedIn = await host.Client.PostAsync("/api/auth/login", null, new { login = ada.Email, password = Person.Password });
        ApiAnswer refreshed = await host.Client.PostAsync("/api/auth/refresh", null, new { refreshToken = (string)signedIn.MustBe(200).Json["data"]!["refreshToken"]! });

        Assert.That(KindOf((string)signedIn.Json["data"]!["token"]!), Is.EqualTo(PrincipalKind.Agent));
        Assert.That(KindOf((string)refreshed.MustBe(200).Json["data"]!["token"]!), Is.EqualTo(PrincipalKind.Agent));
        Assert.That(KindOf(ada.Token), Is.EqualTo(PrincipalKind.Person), "until then its token says what it was");

        PrincipalKind KindOf(string token)
        {
            Assert.That(host.Services.GetRequiredService<AccessTokens>().Verify(token, out Caller caller, out _), Is.EqualTo(TokenVerdict.Valid));
            return caller.Kind;
        }
    }

    /// <summary>A host with the limits of production, but for how soon room comes back: not during a test.</summary>
    private static Task<ApiHost> StartAsync()
    {
        KindLimits visitors = KindLimits.OfVisitors with { RequestsPerMinute = 1, SendsPerMinute = 1, UploadsPerMinute = 1 };
        LimitSettings limits = new() { SendsPerMinute = 1, UploadsPerMinute = 1, Visitors = visitors };
        return ApiHost.StartAsync(
            ApiServer.Database.Source,
            services: services => services.AddSingleton(limits).AddSingleton(new SignInThrottleOptions { MaxPerAddress = 100_000 }));
    }

    /// <summary>A principal of that kind with a device, and a token that says so.</summary>
    private static async Task<string> NewTokenAsync(ApiHost host, PrincipalKind kind)
    {
        await using NpgsqlCommand command = ApiServer.Database.Source.CreateCommand("""
            with inbox as (insert into chats (kind, member_count) values (5, 1) returning id),
            principal as (insert into principals (kind, name, inbox_chat_id) select $1, 'Somebody', id from inbox returning id, inbox_chat_id),
            member as (insert into members (chat_id, principal_id, role, joined_at_sequence) select inbox_chat_id, id, 1, 1 from principal)
            insert into devices (principal_id, name) select id, 'test' from principal returning principal_id, id
            """);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)kind });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return host.Services.GetRequiredService<AccessTokens>().Issue(new Caller(reader.GetInt64(0), reader.GetInt64(1), kind), out _);
    }

    private static void MustWait(ApiAnswer answer)
    {
        answer.MustFail(429, "rate_limited");
        Assert.That((bool?)answer.Json["retryable"], Is.True);
        Assert.That((long?)answer.Json["retryAfterMs"], Is.InRange(1, 60_000));
        Assert.That(int.Parse(answer.Headers["Retry-After"], null), Is.EqualTo(((long)answer.Json["retryAfterMs"]! + 999) / 1000));
    }
}
