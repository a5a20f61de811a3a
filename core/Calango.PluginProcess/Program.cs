using System.Net.Sockets;
using Calango.Core.Plugins;
using Calango.PluginProcess;

// <socket> <the plugin's folder> <its data>
var (socketPath, folder, dataFolder) = (args[0], args[1], args[2]);
var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));

var plugin = new PluginServer(folder, dataFolder);
await using var wire = new Wire(new NetworkStream(socket, ownsSocket: true), plugin, PluginServer.Limits);
plugin.Use(wire);
await wire.Ended;
// The server is gone, or wants no more. What the plugin left running must not keep the process.
Environment.Exit(0);
