using System.Buffers;
using Chat.Domain.Accounts;
using Chat.Fuzz.Engine;
using Chat.Protocol.Codes;
using Chat.Protocol.Frames;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Frames.Requests;
using Chat.Protocol.Framing;
using Chat.Server.Tests.Transport;

namespace Chat.Fuzz.Sessions;

/// <summary>
/// The protocol's states over in-memory connections to the composed server: two people do right and wrong things in any order. Right
// is: nothing
/// before hello has an effect; every request is answered as a model of the group says, or the connection closes with the code of §7;
// nobody is
/// pushed a chat that is not theirs; never <c>internal</c>.
/// </summary>
internal sealed class SessionTarget : FuzzTarget
{
    private const int MostSteps = 16;

    private readonly List<Seat> _seats = [];
    private SessionWorld _world = null!;
    private GroupModel _model = null!;
    private long _steps, _closes;

    public override string Name => "session";

    public override int InputsInSuite => 40;

    public override int InputsInFull => 200_000;

    public override string Describe() => $"{_steps} steps, {_closes} protocol errors, group at {_model?.Head}.";

    public override async Task StartAsync()
    {
        _world = await SessionWorld.StartAsync();
        _model = new GroupModel(_world.Group, _world.GroupHead);
    }

    public override byte[] Make(FuzzRandom random) => random.Bytes(random.Next(8, 160));

    public override async ValueTask CheckAsync(byte[] input, FuzzRandom random)
    {
        Choices choices = new(input);
        _seats.Clear();
        _seats.AddRange(new Seat(_world.Anna), new Seat(_world.Ben));
        try
        {
            for (int step = 0; step < MostSteps && !choices.IsOver; step++, _steps++)
            {
                Seat seat = _seats[choices.Next(2)];
                if (seat.Client is null || seat.Client.CloseCode is not null) await seat.ConnectAsync(_world);
                if (!seat.IsOnline && choices.Next(4) != 0) await HelloAsync(seat);
                else await StepAsync(seat, choices);
            }

            foreach (Seat seat in _seats) CheckPushes(seat);
        }
        finally
        {
            foreach (Seat seat in _seats)
                if (seat.Client is { } client) await client.DisposeAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task HelloAsync(Seat seat)
    {
        Answer answer = await seat.AskAsync(new HelloRequest(ProtocolLimits.ProtocolVersion, seat.Person.AccessToken, "fuzz", []));
        Require(answer.Type == FrameType.Welcome, $"hello was answered with {answer.Type}, {answer.CloseCode}");
        seat.IsOnline = true;
    }

    private Task StepAsync(Seat seat, Choices choices) => choices.Next(13) switch
    {
        0 => WrongHelloAsync(seat, choices),
        1 => WrongBytesAsync(seat, choices),
        2 or 3 or 4 or 5 => SendMessageAsync(seat, choices),
        6 or 7 => HistoryAsync(seat, choices),
        8 => MarkAsync(seat, choices),
        9 => LookAsync(seat, choices),
        10 => WrongChangeAsync(seat, choices),
        11 => ExpectAsync(seat, new SetTypingRequest(Chat(choices), choices.Next(2) == 0), FrameType.Ok, ErrorCode.ChatNotFound),
        _ => ExpectAsync(seat, new WatchPresenceRequest(Ids(choices)), FrameType.Presences, ErrorCode.InvalidArgument),
    };

    private async Task WrongHelloAsync(Seat seat, Choices choices)
    {
        bool wasOnline = seat.IsOnline;
        (HelloRequest hello, int code) = choices.Next(4) switch
        {
            0 => (
                new HelloRequest(ProtocolLimits.ProtocolVersion, "x" + seat.Person.AccessToken, "fuzz", []),
                (int)DisconnectCode.TokenInvalid),
            1 => (new HelloRequest(2, seat.Person.AccessToken, "fuzz", []), (int)DisconnectCode.UnsupportedVersion),
            2 => (
                new HelloRequest(ProtocolLimits.ProtocolVersion, seat.Person.AccessToken, new string('n', 129), []),
                (int)DisconnectCode.MalformedFrame),
            _ => (new HelloRequest(ProtocolLimits.ProtocolVersion, "", "fuzz", []), (int)DisconnectCode.TokenInvalid),
        };
        await ClosesAsync(seat, FrameEncoder.Encode(hello, seat.NextId()), wasOnline ? (int)DisconnectCode.WrongState : code);
    }

    private Task WrongBytesAsync(Seat seat, Choices choices) => choices.Next(8) switch
    {
        0 => ClosesAsync(seat, "hello"u8.ToArray(), 1003, ClientFrames.Text),
        1 => ClosesAsync(seat, [1, 0, 1, 0, 0x92], (int)DisconnectCode.FrameTooLarge),
        2 => ClosesAsync(seat, [9, 0, 0, 0, 0x92, 3, 1], (int)DisconnectCode.MalformedFrame),
        3 => ClosesAsync(seat, Framed(0x92, 3, 0), (int)DisconnectCode.InvalidRequestId),
        4 => ClosesAsync(seat, Framed(0x92, (byte)choices.Pick(18, 39, 40, 49, 80, 86, 100, 0), 1), (int)DisconnectCode.UnknownFrameType),
        5 => ClosesAsync(
            seat, Framed(0x92, 3, 1, 0xC0), seat.IsOnline ? (int)DisconnectCode.MalformedFrame : (int)DisconnectCode.WrongState),
        6 => ClosesAsync(seat, Framed([0xC1, .. choices.Bytes(8)]), (int)DisconnectCode.MalformedFrame),
        _ => ClosesAsync(
            seat, Framed(0x93, 7, 1, 0xA1, 0x78), seat.IsOnline ? (int)DisconnectCode.MalformedFrame : (int)DisconnectCode.WrongState),
    };

    private async Task SendMessageAsync(Seat seat, Choices choices)
    {
        string text =
            choices.Next(8) switch { 0 => "", 1 => "a\0b", 2 => new string('x', 16_385), 3 => "😀", _ => $"text {choices.Next(4)}" };
        Guid id = choices.Next(10) == 0 ? Guid.Empty : new Guid(choices.Next(200) + 1, 0, 0, new byte[8]);
        long? replyTo = choices.Next(4) == 0 ? choices.Integer() & ((1L << 53) - 1) : null;
        long chat = Chat(choices);
        SendMessageRequest request = new(chat, id, text, replyTo);
        Answer? answer = await AskAsync(seat, request);
        if (answer is not { } given) return;
        if (chat == _world.Group) _model.TakeSend(seat.Person.PrincipalId, request, given);
        else Require(given.Type == FrameType.Error, $"a message to another's chat was answered with {given.Type}");
    }

    private async Task HistoryAsync(Seat seat, Choices choices)
    {
        long? after = choices.Next(2) == 0 ? Positive(choices) : null, before = choices.Next(3) == 0 ? Positive(choices) : null;
        int? limit = choices.Next(2) == 0 ? (int)(Positive(choices) & 0x1FF) : null;
        long chat = Chat(choices);
        Answer? answer = await AskAsync(seat, new GetHistoryRequest(chat, after, before, limit));
        if (answer is not { } given) return;
        bool isRight = chat == _world.Group && (after is null || before is null) && limit is null or >= 1 and <= 200;
        if (!isRight || given.Type == FrameType.Error) Judge(given, FrameType.Error, ErrorCode.ChatNotFound, ErrorCode.InvalidArgument);
        else if (HistoryReply.TryRead(new ReadOnlySequence<byte>(given.Body), out _, out HistoryReply page)) _model.TakeHistory(page);
        else throw new FuzzException($"history was answered with {given.Type}");
    }

    private Task MarkAsync(Seat seat, Choices choices)
    {
        (long chat, long upTo) = (Chat(choices), Positive(choices));
        return choices.Next(2) == 0
            ? ExpectAsync(seat, new MarkReadRequest(chat, upTo), FrameType.Ok, ErrorCode.ChatNotFound, ErrorCode.InvalidArgument)
            : ExpectAsync(seat, new MarkDeliveredRequest(chat, upTo), FrameType.Ok, ErrorCode.ChatNotFound, ErrorCode.InvalidArgument);
    }

    private Task LookAsync(Seat seat, Choices choices) => choices.Next(6) switch
    {
        0 => ExpectAsync(seat, new PingRequest(), FrameType.Ok),
        1 => ExpectAsync(seat, new GetChatRequest(Chat(choices)), FrameType.Chat, ErrorCode.ChatNotFound),
        2 => ExpectAsync(
            seat, new GetMembersRequest(Chat(choices), null, (int)(Positive(choices) & 0x1FF)),
            FrameType.Members, ErrorCode.ChatNotFound, ErrorCode.InvalidArgument),
        3 => ExpectAsync(seat, new GetPrincipalsRequest(Ids(choices)), FrameType.Principals, ErrorCode.InvalidArgument),
        4 => ExpectAsync(
            seat,
            new GetChatsRequest(choices.Next(2) == 0 ? Convert.ToBase64String(choices.Bytes(60)) : null, (int)(Positive(choices) & 0xFF)),
            FrameType.Chats, ErrorCode.InvalidArgument),
        _ => ExpectAsync(
            seat, new AuthenticateRequest(choices.Next(2) == 0 ? seat.Person.AccessToken : _world.Cleo.AccessToken),
            FrameType.Ok, ErrorCode.TokenInvalid),
    };

    /// <summary>Changes of messages that are not there: none may be stored, or the model's head would be another.</summary>
    private Task WrongChangeAsync(Seat seat, Choices choices)
    {
        (long chat, long sequence) = (Chat(choices), choices.Next(2) == 0 ? 1 : Positive(choices) + 1_000_000); // the first event is no message
        Guid id = choices.Next(10) == 0 ? Guid.Empty : new Guid(-1 - choices.Next(200), 0, 0, new byte[8]);
        ErrorCode[] errors =
        [
            ErrorCode.ChatNotFound, ErrorCode.NotAMember, ErrorCode.MessageNotFound, ErrorCode.InvalidArgument, ErrorCode.TextEmpty, ErrorCode.TextHasNul,
        ];
        return choices.Next(3) switch
        {
            0 => ExpectAsync(seat, new EditMessageRequest(chat, id, sequence, choices.Pick(0, 1, 2) switch { 0 => "", 1 => "a\0", _ => "text" }), FrameType.Error, errors),
            1 => ExpectAsync(seat, new DeleteMessageRequest(chat, id, sequence), FrameType.Error, errors),
            _ => ExpectAsync(seat, new ReactRequest(chat, id, sequence, choices.Pick(0, 1, 2) switch { 0 => null, 1 => "👍", _ => "x" }), FrameType.Error, errors),
        };
    }

    private async Task ExpectAsync<T>(Seat seat, T request, FrameType reply, params ErrorCode[] errors)
        where T : struct, IFrame<T>
    {
        if (await AskAsync(seat, request) is { } answer) Judge(answer, reply, errors);
    }

    /// <summary>Asks; before hello that must only close the connection, and null is returned.</summary>
    private async Task<Answer?> AskAsync<T>(Seat seat, T request)
        where T : struct, IFrame<T>
    {
        if (seat.IsOnline) return await seat.AskAsync(request);
        await ClosesAsync(seat, FrameEncoder.Encode(request, seat.NextId()), (int)DisconnectCode.WrongState);
        return null;
    }

    private async Task ClosesAsync(Seat seat, byte[] message, int code, int opcode = ClientFrames.Binary)
    {
        await seat.Client!.SendAsync(message, opcode);
        Answer answer = await seat.Client.AnswerAsync(uint.MaxValue);
        Require(answer.CloseCode == code, $"closed with {answer.CloseCode}, not {code}");
        _closes++;
    }

    private static void Judge(in Answer answer, FrameType reply, params ErrorCode[] errors)
    {
        Require(answer.CloseCode is null, $"closed with {answer.CloseCode} instead of a reply");
        if (answer.Type == reply && reply != FrameType.Error) return;
        Require(
            ErrorReply.TryRead(new ReadOnlySequence<byte>(answer.Body), out _, out ErrorReply error),
            $"answered with {answer.Type}, not {reply}");
        Require(
            errors.Contains(error.Code) || error.Code is ErrorCode.RateLimited or ErrorCode.Busy,
            $"answered {error.Code}: {error.Message}");
    }

    private void CheckPushes(Seat seat)
    {
        foreach ((FrameType type, byte[] body) in seat.Client?.Pushes ?? [])
        {
            if (type != FrameType.Event || !EventPush.TryRead(new ReadOnlySequence<byte>(body), out _, out EventPush push)) continue;
            Require(push.Event.ChatId != _world.Foreign, "another's chat was pushed");
            Require(push.Event.ChatId != _world.Group || push.Event.Sequence <= _model.Head, "pushed beyond the head");
        }
    }

    private long Chat(Choices choices) => choices.Next(8) switch
    {
        0 => _world.Foreign,
        1 => Positive(choices) + 1_000_000,
        _ => _world.Group,
    };

    private static long Positive(Choices choices) => choices.Integer() & ((1L << 40) - 1);

    private long[] Ids(Choices choices) =>
        [.. Enumerable.Range(0, choices.Pick(0, 1, 3, 200, 201)).Select(i => i % 3 == 0 ? _world.Ben.PrincipalId : i + 1L)];

    private static byte[] Framed(params byte[] body) => [(byte)body.Length, 0, 0, 0, .. body];

    /// <summary>One person's connection.</summary>
    private sealed class Seat(SignedIn person)
    {
        private uint _lastId;

        public SignedIn Person => person;

        public MemoryClient? Client { get; private set; }

        public bool IsOnline { get; set; }

        public uint NextId() => ++_lastId;

        public async Task ConnectAsync(SessionWorld world)
        {
            if (Client is not null) await Client.DisposeAsync();
            (Client, IsOnline) = (await MemoryClient.ConnectAsync(world.Acceptor), false);
        }

        public async Task<Answer> AskAsync<T>(T request)
            where T : struct, IFrame<T>
        {
            uint id = NextId();
            await Client!.SendAsync(FrameEncoder.Encode(request, id));
            return await Client.AnswerAsync(id);
        }
    }
}
