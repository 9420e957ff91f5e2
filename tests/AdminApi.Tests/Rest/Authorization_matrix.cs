using System.Text.Json.Nodes;
using Chat.AdminApi.Tests.Rest.Auth;
using Chat.AdminApi.Tests.Rest.Media;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest;

/// <summary>promises 4.2: every route × every kind of caller, as authorization-matrix.tsv says. A route without a row fails.</summary>
[Property("Promise", "4.2")]
internal sealed class Authorization_matrix
{
    private static readonly string[] Actors = ["anonymous", "admin", "member", "non_member", "ex_member", "others", "revoked"];

    /// <summary>What stands in the place of a file of a chat, in a further row of its route.</summary>
    private static readonly string[] OtherFiles = ["{avatarId}", "{pictureId}"];

    private sealed record Row(string Method, string Route, string Body, IReadOnlyList<string> Expected)
    {
        public string Name => $"{Method} {Route.Split('?')[0]}";

        /// <summary>The same route for a file of another sort.</summary>
        public bool IsFurther => OtherFiles.Any(Route.Contains);

        /// <summary>The route as the table has it.</summary>
        public string Of => OtherFiles.Aggregate(Name, (name, file) => name.Replace(file, "{blobId}", StringComparison.Ordinal));
    }

    /// <summary>Who is who. Made anew for each request that may change it.</summary>
    private sealed record Scene(
        Person Admin, Person Member, Person Other, Person Stranger, Person ExMember, Person Revoked, long Group, long ForeignChat,
        long Message, string Blob, string ForeignBlob, string Upload, string ForeignUpload)
    {
        /// <summary>A link to the group, of the admin's; null where the route has none.</summary>
        public string? Code { get; init; }

        /// <summary>
        /// The public name of a channel of the admin's that the member subscribed to, and that the admin removed the ex-member from; null where
        /// the route has none.
        /// </summary>
        public string? Handle { get; init; }

        /// <summary>A status of the admin's, who and the member keep each other as contacts; 0 where the route has none.</summary>
        public long Status { get; init; }

        /// <summary>A status of one whom the member does not keep; likewise.</summary>
        public long ForeignStatus { get; init; }

        /// <summary>A scheduled message of the member's, and one of the other member's; 0 where the route has none.</summary>
        public (long OfMember, long Foreign) Scheduled { get; init; }

        /// <summary>A passkey of the other member's; 0 where the route has none.</summary>
        public long Passkey { get; init; }

        /// <summary>
        /// The pictures of the admin, who shows it to contacts, of whom the member is one, and of the other member, who shows it to nobody; empty
        /// where the route has none.
        /// </summary>
        public (string OfAdmin, string Foreign) Avatars { get; init; } = ("", "");

        /// <summary>The pictures of the group and of one that the member is not in; likewise.</summary>
        public (string OfGroup, string Foreign) Pictures { get; init; } = ("", "");

        /// <summary>A call of the other member's that rings in the group, and one of two who are not in it; 0 where the route has none.</summary>
        public (long OfGroup, long Foreign) Calls { get; init; }
    }

    private static string Tomorrow { get; } = $"{TimeProvider.System.GetUtcNow().AddDays(1):yyyy-MM-ddTHH:mm:ssZ}";

    private static IReadOnlyList<Row> Rows { get; } = Read();

    public static IEnumerable<TestCaseData<string>> Names =>
        Rows.Select(row => new TestCaseData<string>(row.Name).SetArgDisplayNames(row.Name));

    [Test]
    public void Every_route_has_exactly_one_row_and_one_more_for_each_other_sort_of_file()
    {
        Assert.That(Rows.Where(row => !row.IsFurther).Select(row => row.Name), Is.EquivalentTo(RouteTable.Of(ApiServer.Host).Select(route => route.Name)));
        Assert.That(Rows.Where(row => row.IsFurther).Select(row => row.Of), Is.EqualTo(OtherFiles.Select(_ => "GET /api/media/{blobId}/link")));
        Assert.That(Rows.Select(row => row.Name), Is.Unique);
    }

    [TestCaseSource(nameof(Names)), CancelAfter(60_000)]
    public async Task A_route_answers_each_caller_as_the_matrix_says(string name)
    {
        Row row = Rows.Single(found => found.Name == name);
        List<string> answers = [];

        Scene scene = await SetAsync(row);
        foreach (string actor in Actors)
        {
            if (row.Method is not ("GET" or "HEAD") && answers.Count > 0) scene = await SetAsync(row);
            answers.Add(await AskAsync(row, actor, scene));
        }

        Assert.That(Actors.Zip(answers), Is.EqualTo(Actors.Zip(row.Expected)), name);
    }

    private static async Task<string> AskAsync(Row row, string actor, Scene scene)
    {
        Person? caller = actor switch
        {
            "anonymous" => null,
            "admin" => scene.Admin,
            "member" or "others" => scene.Member,
            "non_member" => scene.Stranger,
            "ex_member" => scene.ExMember,
            _ => scene.Revoked,
        };
        string path = row.Route
            .Replace("{chatId}", $"{(actor == "others" ? scene.ForeignChat : scene.Group)}", StringComparison.Ordinal)
            .Replace("{blobId}", BlobOf(row, actor, scene), StringComparison.Ordinal)
            .Replace("{avatarId}", actor == "others" ? scene.Avatars.Foreign : scene.Avatars.OfAdmin, StringComparison.Ordinal)
            .Replace("{pictureId}", actor == "others" ? scene.Pictures.Foreign : scene.Pictures.OfGroup, StringComparison.Ordinal)
            .Replace("{principalId}", $"{scene.Other.Id}", StringComparison.Ordinal)
            .Replace("{deviceId}", "9007199254740991", StringComparison.Ordinal) // a device of nobody: what is the caller's own is in DeviceTests
            .Replace("{userId}", $"{scene.Admin.Id}", StringComparison.Ordinal)
            .Replace("{id}", $"{(actor == "others" ? scene.ForeignStatus : scene.Status)}", StringComparison.Ordinal)
            .Replace("{scheduledId}", $"{(actor == "others" ? scene.Scheduled.Foreign : scene.Scheduled.OfMember)}", StringComparison.Ordinal)
            .Replace("{passkeyId}", $"{scene.Passkey}", StringComparison.Ordinal)
            .Replace("{callId}", $"{(actor == "others" ? scene.Calls.Foreign : scene.Calls.OfGroup)}", StringComparison.Ordinal)
            .Replace("{handle}", scene.Handle, StringComparison.Ordinal)
            .Replace("{code}", scene.Code, StringComparison.Ordinal)
            .Replace("{sequence}", $"{scene.Message}", StringComparison.Ordinal)
            .Replace("{email}", Uri.EscapeDataString(scene.Other.Email), StringComparison.Ordinal);
        string body = row.Body
            .Replace("{chatId}", $"{(actor == "others" ? scene.ForeignChat : scene.Group)}", StringComparison.Ordinal)
            .Replace("{stranger}", $"{(caller == scene.Stranger ? scene.Other.Id : scene.Stranger.Id)}", StringComparison.Ordinal)
            .Replace("{uuid}", $"{Guid.NewGuid()}", StringComparison.Ordinal)
            .Replace("{tomorrow}", Tomorrow, StringComparison.Ordinal)
            .Replace("{newemail}", Person.NewEmail(), StringComparison.Ordinal)
            .Replace("{email}", (caller ?? scene.Admin).Email, StringComparison.Ordinal)
            .Replace("{refresh}", caller?.RefreshToken ?? "nothing", StringComparison.Ordinal);

        ApiAnswer answer = await ApiServer.Client.SendAsync(row.Method, path, caller?.Token, body.Length == 0 ? null : body);
        return answer.Status < 400 || row.Method == "HEAD" ? $"{answer.Status}" : $"{answer.Status} {answer.MustBeProblem().Name}";
    }

    /// <summary>A file that is stored, or where the route is about uploads one that is not.</summary>
    private static string BlobOf(Row row, string actor, Scene scene) =>
        row.Route.Contains("/uploads/", StringComparison.Ordinal)
            ? actor == "others" ? scene.ForeignUpload : scene.Upload
            : actor == "others" ? scene.ForeignBlob : scene.Blob;

    private static async Task<Scene> SetAsync(Row row)
    {
        Person admin = await Person.RegisterAsync("Admin");
        Person member = await Person.RegisterAsync("Member");
        Person other = await Person.RegisterAsync("Other");
        Person stranger = await Person.RegisterAsync("Stranger");
        Person exMember = await Person.RegisterAsync("Ex");
        long group = await admin.CreateGroupAsync("Group", member, other, exMember);
        (await admin.DeleteAsync($"/api/groups/{group}/members/{exMember.Id}")).MustBe(204);
        long foreign = await admin.OpenDirectAsync(other);

        string blob = await other.MustUploadAsync($"upload?chatId={group}&fileName=a.gif", "GIF89a"u8.ToArray());
        string foreignBlob = await other.MustUploadAsync($"upload?chatId={foreign}&fileName=a.gif", "GIF89a"u8.ToArray());

        await other.ShowAsync(group, blob, "image/gif", 6);
        await other.ShowAsync(foreign, foreignBlob, "image/gif", 6);

        string upload = await member.BeginUploadAsync(group);
        string foreignUpload = await other.BeginUploadAsync(foreign);

        var login = new { login = admin.Email, password = Person.Password };
        JsonNode second = (await ApiServer.Client.PostAsync("/api/auth/login", null, login)).MustBe(200).Json["data"]!;
        Person revoked = admin with { Token = (string)second["token"]!, RefreshToken = (string)second["refreshToken"]! };
        (await revoked.PostAsync("/api/auth/logout")).MustBe(204);
        long message = await member.SayAsync(group, "hello");
        bool hasStatus = row.Route.Contains("{id}", StringComparison.Ordinal);
        if (hasStatus || row.Route.Contains("{userId}", StringComparison.Ordinal))
        {
            foreach ((Person keeper, Person kept) in ((Person, Person)[])[(admin, member), (member, admin), (other, member)])
                (await keeper.PutAsync($"/api/contacts/{kept.Id}", new { favourite = false })).MustBe(200);
        }

        return new Scene(
            admin, member, other, stranger, exMember, revoked, group, foreign, message, blob, foreignBlob, upload, foreignUpload)
        {
            Code = row.Route.Contains("{code}", StringComparison.Ordinal)
                ? (string)(await admin.PostAsync($"/api/chats/{group}/invites", new { })).MustBe(201).Json["code"]!
                : null,
            Status = hasStatus ? await PostStatusAsync(admin) : 0,
            ForeignStatus = hasStatus ? await PostStatusAsync(other) : 0,
            Handle = row.Route.Contains("{handle}", StringComparison.Ordinal) ? await ChannelAsync(admin, member, exMember) : null,
            Scheduled = row.Route.Contains("{scheduledId}", StringComparison.Ordinal)
                ? (await ScheduleAsync(member, group), await ScheduleAsync(other, group))
                : default,
            Avatars = row.Route.Contains("{avatarId}", StringComparison.Ordinal)
                ? (await AvatarAsync(admin, "contacts", member), await AvatarAsync(other, "nobody", member))
                : ("", ""),
            Pictures = row.Route.Contains("{pictureId}", StringComparison.Ordinal)
                ? (await PictureAsync(admin, group), await PictureAsync(other, await other.CreateGroupAsync("Another")))
                : ("", ""),
            Passkey = row.Route.Contains("{passkeyId}", StringComparison.Ordinal) ? await PasskeyAsync(other) : 0,
            Calls = row.Route.Contains("{callId}", StringComparison.Ordinal)
                ? (await CallAsync(other, group), await CallAsync(stranger, await stranger.OpenDirectAsync(exMember)))
                : default,
        };
    }

    private static async Task<long> PostStatusAsync(Person author)
    {
        ApiAnswer posted = await author.PostAsync("/api/status", new { clientStatusId = Guid.NewGuid(), kind = "text", text = "At sea" });
        return (long)posted.MustBe(201).Json["id"]!;
    }

    private static async Task<long> ScheduleAsync(Person sender, long chatId)
    {
        object message = new { clientMessageId = Guid.NewGuid(), dueAt = Tomorrow, message = new { text = "later" } };
        return (long)(await sender.PostAsync($"/api/chats/{chatId}/scheduled", message)).MustBe(201).Json["id"]!;
    }

    private static async Task<string> AvatarAsync(Person owner, string audience, Person contact)
    {
        string blob = await owner.MustUploadAsync("upload/avatar?fileName=a.gif", "GIF89a"u8.ToArray());
        (await owner.PutAsync("/api/profile", new { avatar = blob })).MustBe(200);
        (await owner.PutAsync("/api/privacy", new { profilePhoto = audience })).MustBe(200);
        (await owner.PutAsync($"/api/contacts/{contact.Id}", new { favourite = false })).MustBe(200);
        return blob;
    }

    private static async Task<string> PictureAsync(Person owner, long group)
    {
        string blob = await owner.MustUploadAsync($"upload/chat-avatar?chatId={group}&fileName=a.gif", "GIF89a"u8.ToArray());
        (await owner.PutAsync($"/api/chats/{group}", new { avatar = blob })).MustBe(200);
        return blob;
    }

    private static async Task<long> PasskeyAsync(Person owner)
    {
        using SoftwareAuthenticator authenticator = new();
        return (long)(await PasskeyCalls.AddAsync(owner, authenticator)).MustBe(201).Json["passkeyId"]!;
    }

    private static async Task<long> CallAsync(Person caller, long chatId) =>
        (long)(await caller.PostAsync("/api/calls", new { chatId, kind = "voice", endpointId = Guid.NewGuid() })).MustBe(201).Json["callId"]!;

    private static async Task<string> ChannelAsync(Person admin, Person member, Person exMember)
    {
        string handle = $"matrix_{admin.Id}";
        long channel = (long)(await admin.PostAsync("/api/channels", new { name = "News", handle })).MustBe(201).Json["chatId"]!;
        foreach (Person reader in (Person[])[member, exMember]) (await reader.PostAsync($"/api/channels/{handle}/subscribe")).MustBe(200);
        (await admin.DeleteAsync($"/api/groups/{channel}/members/{exMember.Id}")).MustBe(204);
        return handle;
    }

    private static List<Row> Read() =>
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "authorization-matrix.tsv"))
           where line.Length > 0 && line[0] != '#' && !line.StartsWith("method\t", StringComparison.Ordinal)
           let cells = line.Split('\t')
           select new Row(cells[0], cells[1], cells[2], cells[3..]),
    ];
}
