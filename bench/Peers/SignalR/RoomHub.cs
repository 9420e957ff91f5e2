using Microsoft.AspNetCore.SignalR;

namespace Chat.Peers.SignalR;

/// <summary>Rooms as SignalR's own guide makes them. With a table, a message is stored before anyone gets it.</summary>
internal sealed class RoomHub(IServiceProvider services) : Hub
{
    public Task Join(string room) => Groups.AddToGroupAsync(Context.ConnectionId, room);

    public async Task Send(string room, string text)
    {
        if (services.GetService<MessageTable>() is { } table) await table.InsertAsync(room, text);
        await Clients.Group(room).SendAsync("m", text);
    }
}
